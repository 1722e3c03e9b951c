#include "scef-adapter/ctl/event_commands.h"

#include <ostream>
#include <thread>

#include "scef-adapter/ctl/event_stream_parser.h"
#include "scef-adapter/ctl/event_view.h"
#include "scef-adapter/ctl/table.h"
#include "scef-adapter/ctl/token_file.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr const char* hooks = "/api/v1/webhooks";

void add_parameter(std::string& query, const char* name, const std::string& value) {
    if (value.empty()) return;
    query += query.empty() ? "?" : "&";
    query += std::string(name) + '=' + path_segment(value);
}

std::string filter_of(const EventOptions& options) {
    std::string query, types;
    for (const std::string& type : options.types) types += (types.empty() ? "" : ",") + type;
    add_parameter(query, "type", types);
    add_parameter(query, "externalId", options.external_id);
    return query;
}

void show(const Session& session, const json& event) {
    if (session.json) {
        session.print(event);
    } else {
        session.out << event_line(event) << '\n';
    }
    session.out.flush();
}

/// What is kept, page by page.
int show_kept(const Session& session, ApiClient& client, const EventOptions& options) {
    std::string after;
    while (true) {
        std::string query = filter_of(options);
        if (after.empty()) {
            add_parameter(query, "since", options.since);
        } else {
            add_parameter(query, "after", after);
        }
        const auto answer = client.get("/api/v1/events" + query);
        if (!answer) return session.complain(answer.error().message);
        if (!answer->is_success()) return session.complain(sentence_of(*answer));
        for (const json& event : answer->body["items"]) show(session, event);
        const std::string next = cell(answer->body, "next");
        if (next == "-" || next == after) return 0;
        after = next;
    }
}

int follow(const Session& session, ApiClient& client, const EventOptions& options) {
    EventStreamParser parser([&](const std::string& data) {
        const json event = json::parse(data, nullptr, false);
        if (event.is_object()) show(session, event);
    });
    bool is_told = false;
    while (true) {
        std::string query = filter_of(options);
        ApiClient::Headers headers{{"Accept", "text/event-stream"}};
        if (parser.last_event_id().empty()) {
            add_parameter(query, "since", options.since);
        } else {
            headers.emplace_back("Last-Event-ID", parser.last_event_id());
        }
        const auto ended = client.stream("/api/v1/events" + query, headers,
                                         [&](std::string_view octets) {
                                             is_told = false;
                                             parser.take(octets);
                                             return session.out.good();
                                         });
        if (!session.out.good()) return 0;  // nobody reads any more
        if (!ended && ended.error().code != Errc::unavailable) {
            return session.complain(ended.error().message);
        }
        if (!std::exchange(is_told, true)) {
            session.err << "scef-adapterctl: the stream ended; trying again every 2 s\n";
        }
        std::this_thread::sleep_for(options.pause);
    }
}

void show_webhooks(const Session& session, const std::vector<json>& items) {
    Table table({"ID", "STATE", "URL", "TYPES", "DEVICE", "WAITING SINCE", "LAST ERROR"});
    for (const json& item : items) {
        std::string types;
        for (const json& type : item.value("types", json::array())) {
            types += (types.empty() ? "" : ",") + type.get<std::string>();
        }
        table.add({cell(item, "id"), cell(item, "state"), cell(item, "url"),
                   types.empty() ? "all" : types, cell(item, "externalId"),
                   cell(item, "waitingSince"), cell(item, "lastError")});
    }
    session.out << table.text();
}

std::string path_of(const WebhookOptions& options) {
    return std::string(hooks) + '/' + path_segment(options.id);
}

}  // namespace

int events_show(const Session& session, const EventOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    return options.follow ? follow(session, **client, options)
                          : show_kept(session, **client, options);
}

int webhooks_list(const Session& session) {
    return session.run([](ApiClient& client) { return client.get(hooks); },
                       [&](const json& body) {
                           show_webhooks(session, body["items"].get<std::vector<json>>());
                       });
}

int webhooks_add(const Session& session, const WebhookOptions& options) {
    json body{{"url", options.url}};
    if (!options.types.empty()) body["types"] = options.types;
    if (!options.external_id.empty()) body["externalId"] = options.external_id;
    if (!options.since.empty()) body["since"] = options.since;
    if (!options.secret_file.empty()) {
        auto secret = read_secret_file(options.secret_file);
        if (!secret) return session.complain(secret.error().message);
        body["secret"] = *secret;
    }
    return session.run([&](ApiClient& client) { return client.post(hooks, body); },
                       [&](const json& made) {
                           session.out << "id      " << cell(made, "id") << "\nsecret  "
                                       << cell(made, "secret")
                                       << "\nThe secret is not shown again; the receiver checks "
                                          "webhook-signature with it.\n";
                       });
}

int webhooks_show(const Session& session, const WebhookOptions& options) {
    return session.run([&](ApiClient& client) { return client.get(path_of(options)); },
                       [&](const json& body) { show_webhooks(session, {body}); });
}

int webhooks_remove(const Session& session, const WebhookOptions& options) {
    return session.run([&](ApiClient& client) { return client.del(path_of(options)); },
                       [&](const json&) { session.out << "removed\n"; });
}

int webhooks_replay(const Session& session, const WebhookOptions& options) {
    const json body{{"since", options.since}};
    return session.run(
        [&](ApiClient& client) { return client.post(path_of(options) + ":replay", body); },
        [&](const json& hook) { show_webhooks(session, {hook}); });
}

int audit_list(const Session& session, const AuditOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const auto items = session.fetch_all(**client, "/api/v1/audit", "", options.limit);
    if (!items) return session.complain(items.error().message);
    if (session.json) {
        session.print(*items);
        return 0;
    }
    Table table({"AT", "ROLE", "TOKEN", "FROM", "REQUEST", "CHANGE", "MESSAGE"});
    for (const json& item : *items) {
        table.add({cell(item, "at"), cell(item, "role"), cell(item, "token"),
                   cell(item, "address"), cell(item, "method") + ' ' + cell(item, "path"),
                   cell(item, "change"), cell(item, "messageId")});
    }
    session.out << table.text();
    return 0;
}

// ---- The command line

namespace {

CLI::App* add(CLI::App& parent, const char* name, const char* what, const char* example,
              std::function<int(const Session&)>& command,
              std::function<int(const Session&)> chosen) {
    CLI::App* sub = parent.add_subcommand(name, what);
    sub->footer(std::string("Example:\n  scef-adapterctl ") + example);
    sub->callback([&command, chosen = std::move(chosen)] { command = chosen; });
    return sub;
}

void add_filter(CLI::App* sub, std::vector<std::string>& types, std::string& external_id) {
    sub->add_option("--type", types,
                    "Only these: message, registration, configuration, uplink; may be repeated")
        ->allow_extra_args(false);
    sub->add_option("--device", external_id, "Only those of this device");
}

void add_webhooks(CLI::App& app, std::function<int(const Session&)>& command) {
    const auto options = std::make_shared<WebhookOptions>();
    CLI::App& webhooks = *app.add_subcommand("webhooks", "Who is told of events by POST");
    webhooks.require_subcommand(1);
    webhooks.footer("Example:\n  scef-adapterctl webhooks add https://hooks.example/scef");
    constexpr const char* since = "From that time on: a date-time, or how long ago, such as 10m";
    const auto on = [&](const char* name, const char* what, const char* example,
                        int (*chosen)(const Session&, const WebhookOptions&)) {
        return add(webhooks, name, what, example, command,
                   [options, chosen](const Session& session) { return chosen(session, *options); });
    };
    const auto ask_for_id = [&](CLI::App* sub) {
        sub->add_option("ID", options->id, "Id of the webhook")->required();
    };
    add(webhooks, "list", "List all, and how they are doing", "webhooks list", command,
        [](const Session& session) { return webhooks_list(session); });
    CLI::App* made = on("add", "Tell a URL of events; shows the secret of the signatures once",
                        "webhooks add https://hooks.example/scef --type message", webhooks_add);
    made->add_option("URL", options->url, "http or https")->required();
    add_filter(made, options->types, options->external_id);
    made->add_option("--secret-file", options->secret_file,
                     "File with whsec_ and base64 of 24 to 64 octets (default: one is drawn)");
    made->add_option("--since", options->since, since);
    ask_for_id(on("show", "Show one", "webhooks show 019b8f3a-7c40-7000-8000-0123456789ab",
                  webhooks_show));
    ask_for_id(on("remove", "Tell it no more",
                  "webhooks remove 019b8f3a-7c40-7000-8000-0123456789ab", webhooks_remove));
    CLI::App* replay =
        on("replay", "Tell it again, also one that answered 410",
           "webhooks replay 019b8f3a-7c40-7000-8000-0123456789ab --since 1h", webhooks_replay);
    ask_for_id(replay);
    replay->add_option("--since", options->since, since)->required();
}

}  // namespace

void add_event_commands(CLI::App& app, std::function<int(const Session&)>& command) {
    const auto events = std::make_shared<EventOptions>();
    CLI::App* show_events =
        add(app, "events", "Show what becomes of messages and devices",
            "events --follow\n  scef-adapterctl events --since 1h --device meter-1@iot.example",
            command, [events](const Session& session) { return events_show(session, *events); });
    show_events->add_flag("--follow", events->follow, "Go on showing what comes; Ctrl-C ends");
    add_filter(show_events, events->types, events->external_id);
    show_events->add_option("--since", events->since,
                            "From that time on: a date-time, or how long ago, such as 10m (default: "
                            "all that is kept; with --follow, from now on)");
    add_webhooks(app, command);
    const auto audit = std::make_shared<AuditOptions>();
    CLI::App* list = add(app, "audit", "Show who changed what, newest first", "audit --limit 20",
                         command,
                         [audit](const Session& session) { return audit_list(session, *audit); });
    list->add_option("--limit", audit->limit, "At most so many; 0: all that are kept")
        ->capture_default_str();
}

}  // namespace scef::ctl
