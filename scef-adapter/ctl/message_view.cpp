#include "scef-adapter/ctl/message_view.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "scef-adapter/ctl/message_words.h"
#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"
#include "scef-adapter/ctl/time_words.h"

namespace scef::ctl {

using nlohmann::json;

std::string state_text(const json& message) {
    std::string text = cell(message, "state");
    const std::string detail =
        text == "DELIVERED" ? cell(message, "level") : cell(message, "reason");
    if (detail != "-") text += " (" + detail + ')';
    return text;
}

bool has_ended(const json& message) {
    const std::string state = cell(message, "state");
    return state != "QUEUED" && state != "SENDING" && state != "ACCEPTED";
}

std::string payload_text(const std::string& base64) {
    const auto octets = from_base64(base64);
    if (!octets) return "?";
    const bool plain = std::all_of(octets->begin(), octets->end(), [](std::uint8_t octet) {
        return octet >= 0x20 && octet < 0x7f;
    });
    return plain ? '"' + std::string(as_text(*octets)) + '"' : to_hex(*octets);
}

std::string message_text(const json& message, const json& timeline, WallTime now) {
    std::string text = cell(message, "id") + "  " + state_text(message) + '\n';
    const auto line = [&](const std::string& name, const std::string& value) {
        text += "  " + name + std::string(16 - std::min<std::size_t>(name.size(), 15), ' ') +
                value + '\n';
    };
    const auto line_of = [&](const std::string& name, const char* member) {
        if (cell(message, member) != "-") line(name, cell(message, member));
    };
    const auto time_of = [&](const std::string& name, const char* member) {
        const std::string time = cell(message, member);
        if (time != "-") line(name, local_time_and_age(time, now));
    };
    if (const std::string words = state_in_words(message); !words.empty()) line("that is", words);
    if (const std::string advice = advice_for(message); !advice.empty()) line("do", advice);
    line("device", cell(message, "externalId"));
    line_of("request", "request");
    line("operation", cell(message, "operation") + ", " + cell(message, "payloadBytes") +
                          " octets, priority " + cell(message, "priority") + ", by " +
                          cell(message, "origin"));
    time_of("created", "createdAt");
    time_of("expires", "expiresAt");
    time_of("not before", "notBefore");
    line("attempts", cell(message, "attempts"));
    line_of("correlation", "correlationId");
    line_of("collapse key", "collapseKey");
    line_of("superseded by", "supersededBy");
    line_of("supersedes", "superseded");
    line_of("repeats", "replayOf");
    line_of("sent again as", "replayedAs");
    line_of("of the group's", "groupMessage");
    const json response = message.value("response", json());
    if (response.is_object()) {
        line("response",
             cell(response, "code") + ' ' + payload_text(response.value("payload", std::string())));
    }
    if (!timeline.is_array()) return text;
    return text + '\n' + timeline_text(timeline);
}

std::string timeline_text(const json& timeline) {
    Table table({"WHEN", "AFTER", "STATE", "TRY", "WHAT"});
    std::string before;
    for (const json& item : timeline) {
        const std::string at = cell(item, "at");
        std::string what = state_in_words(item);
        if (const std::string detail = cell(item, "detail"); detail != "-") {
            what += (what.empty() ? "" : ": ") + detail;
        }
        table.add({local_time(at), span_between(before, at), cell(item, "state"),
                   cell(item, "attempt"), what});
        before = at;
    }
    return table.text();
}

std::string messages_text(const json& messages, WallTime now) {
    Table table({"ID", "DEVICE", "STATE", "REQUEST", "PRIORITY", "CREATED", "TRIES"});
    for (const json& message : messages) {
        const std::string request = cell(message, "request");
        table.add({cell(message, "id"), cell(message, "externalId"), state_text(message),
                   request == "-" ? cell(message, "operation") : request, cell(message, "priority"),
                   local_time_and_age(cell(message, "createdAt"), now), cell(message, "attempts")});
    }
    return table.text();
}

}  // namespace scef::ctl
