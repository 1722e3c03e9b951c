#include "scef-adapter/ctl/message_view.h"

#include <algorithm>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"

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

std::string message_text(const json& message, const json& timeline) {
    std::string text = cell(message, "id") + "  " + state_text(message) + '\n';
    const auto line = [&](const std::string& name, const std::string& value) {
        text += "  " + name + std::string(16 - std::min<std::size_t>(name.size(), 15), ' ') +
                value + '\n';
    };
    line("device", cell(message, "externalId"));
    line("operation", cell(message, "operation") + ", " + cell(message, "payloadBytes") +
                          " octets, priority " + cell(message, "priority") + ", by " +
                          cell(message, "origin"));
    line("created", cell(message, "createdAt"));
    line("expires", cell(message, "expiresAt"));
    if (cell(message, "notBefore") != "-") line("not before", cell(message, "notBefore"));
    line("attempts", cell(message, "attempts"));
    if (cell(message, "correlationId") != "-") line("correlation", cell(message, "correlationId"));
    if (cell(message, "supersededBy") != "-") line("superseded by", cell(message, "supersededBy"));
    if (cell(message, "superseded") != "-") line("supersedes", cell(message, "superseded"));
    const json response = message.value("response", json());
    if (response.is_object()) {
        line("response",
             cell(response, "code") + ' ' + payload_text(response.value("payload", std::string())));
    }
    if (!timeline.is_array()) return text;
    Table table({"AT", "STATE", "DEVICE LEG", "ATTEMPT", "DETAIL"});
    for (const json& item : timeline) {
        table.add({cell(item, "at"), state_text(item), cell(item, "deviceLeg"),
                   cell(item, "attempt"), cell(item, "detail")});
    }
    return text + '\n' + table.text();
}

}  // namespace scef::ctl
