#include "scef-adapter/ctl/group_commands.h"

#include <ostream>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/ctl/table.h"
#include "scef-adapter/ctl/text_file.h"
#include "scef-adapter/ctl/time_words.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

std::string path_of(const GroupOptions& options) {
    return "/api/v1/groups/" + path_segment(options.group);
}

std::string message_path_of(const GroupOptions& options) {
    return path_of(options) + "/messages/" + path_segment(options.message_id);
}

/// What was said of the pace; null if nothing.
Result<json> pacing_of(const GroupOptions& options) {
    if (options.per_second.empty() && options.jitter.empty()) return json(nullptr);
    json pacing = json::object();
    if (!options.per_second.empty()) {
        const auto rate = nidd::parse_strict_json(options.per_second);
        if (!rate || !rate->is_number()) {
            return fail(Errc::invalid_argument, "--per-second: a number such as 5 or 0.2");
        }
        pacing["perSecond"] = *rate;
    }
    if (!options.jitter.empty()) pacing["jitter"] = options.jitter;
    return pacing;
}

std::string pacing_text(const json& pacing) {
    if (!pacing.is_object()) return "none";
    const double rate = pacing.value("perSecond", 0.0);
    std::string text = rate > 0 ? cell(pacing, "perSecond") + " a second" : "all at once";
    if (pacing.value("jitter", 0.0) > 0) {
        text += ", each up to " + cell(pacing, "jitter") + " s later";
    }
    return text;
}

std::string counts_text(const json& counts) {
    std::string text;
    if (!counts.is_object()) return text;
    for (const auto& [state, count] : counts.items()) {
        text += (text.empty() ? "" : ", ") + nidd::dump(count) + ' ' + state;
    }
    return text;
}

/// The items of all pages of a document, as its `items`; at most `limit` (0: all).
Result<json> fetch_document(ApiClient& client, const std::string& path, std::size_t limit) {
    constexpr std::size_t page_max = 1000;
    json document;
    std::string cursor;
    for (;;) {
        const std::size_t have = document.is_null() ? 0 : document["items"].size();
        const std::size_t wanted = limit == 0 ? page_max : std::min(limit - have, page_max);
        auto answer = client.get(path + "?limit=" + std::to_string(wanted) + cursor);
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (!answer->is_success()) return fail(Errc::unavailable, sentence_of(*answer));
        const json next = answer->body.value("next", json());
        if (document.is_null()) {
            document = std::move(answer->body);
        } else {
            for (json& item : answer->body["items"]) document["items"].push_back(std::move(item));
        }
        document["next"] = next;
        if (!next.is_string() || (limit != 0 && document["items"].size() >= limit)) return document;
        cursor = "&cursor=" + next.get<std::string>();
    }
}

}  // namespace

int groups_show(const Session& session, const GroupOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const auto group = fetch_document(**client, path_of(options), options.limit);
    if (!group) return session.complain(group.error().message);
    if (session.json) {
        session.print(*group);
        return 0;
    }
    session.out << options.group << ": " << cell(*group, "members") << " members, pace "
                << pacing_text(group->value("pacing", json())) << '\n';
    for (const json& member : group->value("items", json::array())) {
        session.out << "  " << cell(member, "externalId") << '\n';
    }
    return 0;
}

int groups_set(const Session& session, const GroupOptions& options) {
    json members = options.members;
    if (!options.file.empty()) {
        const auto text = read_all(options.file);
        if (!text) return session.complain(text.error().message);
        for_each_line(*text, [&](std::size_t, std::string_view line) { members.push_back(line); });
    }
    const auto pacing = pacing_of(options);
    if (!pacing) return session.complain(pacing.error().message);
    json body{{"members", std::move(members)}};
    if (!pacing->is_null()) body["pacing"] = *pacing;
    std::size_t failed = 0;
    const int status = session.run(
        [&](ApiClient& client) {
            auto answer = client.put(path_of(options), body);
            if (!answer || !answer->is_success()) return answer;
            for (const json& item : answer->body.value("items", json::array())) {
                if (item.value("status", 0) >= 300) ++failed;
            }
            return answer;
        },
        [&](const json& answer) {
            std::size_t added = 0, removed = 0;
            for (const json& item : answer.value("items", json::array())) {
                added += cell(item, "change") == "added" ? 1 : 0;
                removed += cell(item, "change") == "removed" ? 1 : 0;
                if (item.value("status", 0) < 300) continue;
                session.err << cell(item, "externalId") << ": "
                            << cell(item.value("problem", json::object()), "detail") << '\n';
            }
            session.out << options.group << ": " << cell(answer, "members") << " members; added "
                        << added << " / removed " << removed << " / failed " << failed << '\n';
        });
    return status == 0 && failed > 0 ? 1 : status;
}

int groups_delete(const Session& session, const GroupOptions& options) {
    return session.run(
        [&](ApiClient& client) { return client.del(path_of(options)); },
        [&](const json&) { session.out << "nobody is in " << options.group << " any more\n"; });
}

int groups_send(const Session& session, const GroupOptions& options) {
    auto body = message_body(options.send);
    if (!body) return session.complain(body.error().message);
    const auto pacing = pacing_of(options);
    if (!pacing) return session.complain(pacing.error().message);
    if (!pacing->is_null()) (*body)["pacing"] = *pacing;
    ApiClient::Headers headers;
    if (!options.send.idempotency_key.empty()) {
        headers.emplace_back("Idempotency-Key", options.send.idempotency_key);
    }
    return session.run(
        [&](ApiClient& client) {
            return client.post(path_of(options) + "/messages", *body, headers);
        },
        [&](const json& job) {
            session.out << cell(job, "id") << "  for " << cell(job, "members") << " members of "
                        << options.group << ", pace " << pacing_text(job.value("pacing", json()))
                        << "\n'groups results " << options.group << ' ' << cell(job, "id")
                        << "' tells what became of it\n";
        });
}

int groups_cancel(const Session& session, const GroupOptions& options) {
    return session.run([&](ApiClient& client) { return client.del(message_path_of(options)); },
                       [&](const json& job) {
                           session.out
                               << "no member of " << options.group << " gets " << cell(job, "id")
                               << " from now on, unless it is on its way already\n'groups results "
                               << options.group << ' ' << cell(job, "id") << "' tells who got it\n";
                       });
}

int groups_results(const Session& session, const GroupOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    auto results = fetch_document(**client, message_path_of(options) + "/results", options.limit);
    if (!results) return session.complain(results.error().message);
    if (!options.state.empty()) {
        json wanted = json::array();
        for (json& item : (*results)["items"]) {
            if (cell(item, "state") == options.state) wanted.push_back(std::move(item));
        }
        (*results)["items"] = std::move(wanted);
    }
    if (session.json) {
        session.print(*results);
        return 0;
    }
    session.out << cell(*results, "id") << "  to " << cell(*results, "members") << " members of "
                << options.group << ", "
                << local_time_and_age(cell(*results, "createdAt"), wall_now()) << ", fan-out "
                << cell(*results, "fanOut") << "\n  "
                << counts_text(results->value("counts", json())) << "\n\n";
    Table table({"DEVICE", "STATE", "LEVEL", "REASON", "NOT BEFORE", "ID"});
    for (const json& item : results->value("items", json::array())) {
        const std::string detail = cell(item, "detail");
        const std::string not_before = cell(item, "notBefore");
        table.add({cell(item, "externalId"), cell(item, "state"), cell(item, "level"),
                   cell(item, "reason") + (detail == "-" ? "" : ": " + detail),
                   not_before == "-" ? not_before : local_time(not_before), cell(item, "id")});
    }
    session.out << table.text();
    return 0;
}

}  // namespace scef::ctl
