#include "scef-adapter/ctl/message_commands.h"

#include <chrono>
#include <ostream>
#include <thread>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/coap_request.h"
#include "scef-adapter/ctl/message_view.h"
#include "scef-adapter/ctl/quota_view.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr auto poll_interval = std::chrono::milliseconds(500);

const std::string all_messages = "/api/v1/messages";

std::string path_of_device(const std::string& external_id) {
    return "/api/v1/devices/" + path_segment(external_id) + "/messages";
}

std::string path_of_message(const std::string& id) {
    return "/api/v1/messages/" + path_segment(id);
}

void show_message(const Session& session, const json& message) {
    if (session.json) return session.print(message);
    session.out << message_text(message, nullptr, wall_now());
}

/// Asks again and again until the message has ended.
int wait_for(const Session& session, ApiClient& client, json message, Duration wait_max) {
    const std::string id = cell(message, "id");
    const auto deadline = std::chrono::steady_clock::now() + wait_max;
    std::string shown;
    while (!has_ended(message)) {
        if (!session.json && state_text(message) != shown) {
            shown = state_text(message);
            session.err << shown << '\n';
        }
        if (std::chrono::steady_clock::now() >= deadline) {
            return session.complain("the message " + id +
                                    " has not ended yet: " + state_text(message));
        }
        std::this_thread::sleep_for(poll_interval);
        auto answer = client.get(path_of_message(id));
        if (!answer) return session.complain(answer.error().message);
        if (!answer->is_success()) return session.complain(sentence_of(*answer));
        message = std::move(answer->body);
    }
    show_message(session, message);
    return cell(message, "state") == "DELIVERED" ? 0 : 1;
}

/// Where a text that somebody remembers may be.
bool has_text(const json& message, const std::string& what) {
    for (const char* member :
         {"id", "externalId", "correlationId", "collapseKey", "request", "groupMessage"}) {
        if (cell(message, member).find(what) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

Result<json> message_body(const SendOptions& options) {
    if (options.coap.empty() == options.payload_base64.empty()) {
        return fail(Errc::invalid_argument, "give either --coap or --payload-base64");
    }
    json body{{"contentFormat", options.opaque ? "opaque" : "coap"},
              {"payload", options.payload_base64},
              {"sendMode", options.now ? "now" : "whenReachable"}};
    if (!options.coap.empty()) {
        const auto octets = coap_request(options.coap);
        if (!octets) return fail(Errc::invalid_argument, "--coap: " + octets.error().message);
        body["payload"] = to_base64(*octets);
    }
    const auto set = [&](const char* name, const std::string& value) {
        if (!value.empty()) body[name] = value;
    };
    set("ttl", options.ttl);
    set("priority", options.priority);
    set("notBefore", options.not_before);
    set("correlationId", options.correlation_id);
    set("collapseKey", options.collapse_key);
    if (options.attempts_max) body["maxAttempts"] = *options.attempts_max;
    return body;
}

int messages_send(const Session& session, const SendOptions& options) {
    const auto body = message_body(options);
    if (!body) return session.complain(body.error().message);
    const auto wait_max = parse_duration(options.wait_max);
    if (!wait_max) return session.complain("--wait-max: " + wait_max.error().message);
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    ApiClient::Headers headers;
    if (!options.idempotency_key.empty()) {
        headers.emplace_back("Idempotency-Key", options.idempotency_key);
    }
    const std::string path = path_of_device(options.external_id);
    const auto answer = options.replaces ? (*client)->put(path, *body, headers)
                                         : (*client)->post(path, *body, headers);
    if (!answer) return session.complain(answer.error().message);
    if (!answer->is_success()) return session.complain(sentence_of(*answer));
    if (options.wait) return wait_for(session, **client, answer->body, *wait_max);
    show_message(session, answer->body);
    return 0;
}

int messages_dry_run(const Session& session, const SendOptions& options) {
    auto body = message_body(options);
    if (!body) return session.complain(body.error().message);
    (*body)["externalId"] = options.external_id;
    bool is_admitted = false;
    const int status = session.run(
        [&](ApiClient& client) {
            auto answer = client.post("/api/v1/messages:dryRun", *body);
            is_admitted =
                answer && answer->body.is_object() && answer->body.value("admitted", false);
            return answer;
        },
        [&](const json& verdict) { session.out << dry_run_text(verdict); });
    return status == 0 && !is_admitted ? 1 : status;
}

int messages_list(const Session& session, const std::string& external_id, const std::string& state,
                  std::size_t limit) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const std::string path = external_id.empty() ? all_messages : path_of_device(external_id);
    bool is_first = true;
    const auto done = session.for_each_page(
        **client, path, state.empty() ? "" : "state=" + path_segment(state), limit,
        [&](const json& page) {
            if (!session.json) {
                if (is_first || !page.empty()) session.out << messages_text(page, wall_now());
            } else {
                for (const json& message : page) {
                    session.out << (is_first ? "[" : ",\n") << nidd::dump(message);
                    is_first = false;
                }
            }
            if (!session.json) is_first = false;
            return true;
        });
    if (session.json) session.out << (is_first ? "[]\n" : "]\n");
    return done ? 0 : session.complain(done.error().message);
}

int messages_find(const Session& session, const std::string& what, std::size_t limit) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    if (MessageId::parse(what)) {
        const auto one = (*client)->get(path_of_message(what));
        if (!one) return session.complain(one.error().message);
        if (one->status != 404) return messages_show(session, what);  // else a group's, perhaps
    }
    const bool is_device = ExternalId::parse(what).has_value();
    json found = json::array();
    const auto done =
        session.for_each_page(**client, is_device ? path_of_device(what) : all_messages, "",
                              is_device ? limit : 0, [&](json page) {
                                  for (json& message : page) {
                                      if (found.size() >= limit) return false;
                                      if (is_device || has_text(message, what))
                                          found.push_back(std::move(message));
                                  }
                                  return found.size() < limit;
                              });
    if (!done) return session.complain(done.error().message);
    if (session.json) {
        session.print(found);
    } else if (!found.empty()) {
        session.out << messages_text(found, wall_now())
                    << "\n'messages timeline ID' tells what happened to one\n";
    }
    if (!found.empty()) return 0;
    return session.complain("no message with that is kept; 'messages list --all' lists what is");
}

int messages_show(const Session& session, const std::string& id) {
    return session.run(
        [&](ApiClient& client) -> Result<ApiAnswer> {
            auto answer = client.get(path_of_message(id));
            if (!answer || !answer->is_success()) return answer;
            auto timeline = client.get(path_of_message(id) + "/timeline");
            if (!timeline) return timeline;
            answer->body["timeline"] = timeline->body.value("items", json::array());
            return answer;
        },
        [&](const json& found) {
            session.out << message_text(found, found["timeline"], wall_now());
        });
}

int messages_timeline(const Session& session, const std::string& id) {
    return session.run(
        [&](ApiClient& client) { return client.get(path_of_message(id) + "/timeline"); },
        [&](const json& found) {
            session.out << timeline_text(found.value("items", json::array()));
        });
}

int messages_cancel(const Session& session, const std::string& id) {
    return session.run(
        [&](ApiClient& client) { return client.del(path_of_message(id)); },
        [&](const json& message) {
            session.out << cell(message, "id") << "  " << state_text(message)
                        << (has_ended(message) ? "\n" : "; the SCEF is asked to give it back\n");
        });
}

int messages_purge(const Session& session, const std::string& external_id) {
    return session.run([&](ApiClient& client) { return client.del(path_of_device(external_id)); },
                       [&](const json& answer) {
                           session.out << cell(answer, "canceled") << " messages of " << external_id
                                       << " canceled\n";
                       });
}

}  // namespace scef::ctl
