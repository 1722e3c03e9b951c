#include "scef-adapter/ctl/dead_letter_commands.h"

#include <ostream>

#include "scef-adapter/ctl/table.h"
#include "scef-adapter/ctl/time_words.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr const char* letters_path = "/api/v1/deadletters";

std::string query_of(const DeadLetterOptions& options) {
    std::string query;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) query += (query.empty() ? "" : "&") + std::string(name) + '=' + value;
    };
    add("externalId", path_segment(options.external_id));
    add("group", path_segment(options.group));
    add("replayed", options.all ? "" : "false");
    return query;
}

json body_of(const DeadLetterOptions& options) {
    json body = json::object();
    const auto set = [&](const char* name, const std::string& value) {
        if (!value.empty()) body[name] = value;
    };
    set("externalId", options.external_id);
    set("group", options.group);
    set("ttl", options.ttl);
    set("priority", options.priority);
    set("notBefore", options.not_before);
    if (options.all) body["all"] = true;
    if (!options.ids.empty()) body["ids"] = options.ids;
    return body;
}

}  // namespace

int deadletters_list(const Session& session, const DeadLetterOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const auto items = session.fetch_all(**client, letters_path, query_of(options), options.limit);
    if (!items) return session.complain(items.error().message);
    if (session.json) {
        session.print(*items);
        return 0;
    }
    Table table({"ID", "DEVICE", "REQUEST", "TRIES", "DIED", "WHY", "SENT AGAIN AS"});
    for (const json& letter : *items) {
        table.add({cell(letter, "id"), cell(letter, "externalId"), cell(letter, "request"),
                   cell(letter, "attempts"),
                   local_time_and_age(cell(letter, "endedAt"), wall_now()), cell(letter, "detail"),
                   cell(letter, "replayedAs")});
    }
    session.out << table.text();
    return 0;
}

int deadletters_replay(const Session& session, const DeadLetterOptions& options) {
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    const json body = body_of(options);
    json results = json::array();
    for (bool more = true; more;) {
        const auto answer = (*client)->post(std::string(letters_path) + ":replay", body);
        if (!answer) return session.complain(answer.error().message);
        if (!answer->is_success()) return session.complain(sentence_of(*answer));
        std::size_t sent = 0;
        for (const json& item : answer->body.value("items", json::array())) {
            if (item.value("status", 0) < 300) ++sent;
            results.push_back(item);
        }
        more = answer->body.value("more", false) && sent > 0;  // else the same ones again
    }
    std::size_t failed = 0;
    Table table({"ID", "SENT AGAIN AS", "OR NOT"});
    for (const json& result : results) {
        if (result.value("status", 0) >= 300) ++failed;
        table.add({cell(result, "id"), cell(result, "replayedAs"),
                   cell(result.value("problem", json::object()), "detail")});
    }
    if (session.json) {
        session.print(results);
    } else if (results.empty()) {
        session.out << "nothing to send again\n";
    } else {
        session.out << table.text();
    }
    return failed == 0 ? 0 : 1;
}

}  // namespace scef::ctl
