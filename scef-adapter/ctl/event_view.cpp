#include "scef-adapter/ctl/event_view.h"

#include <cstdio>

#include "lwm2m-core/vocabulary/base64.h"
#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

constexpr std::size_t octets_shown = 48;

/// Text as text, other octets in hexadecimal, cut.
std::string payload_text(const std::string& base64) {
    auto octets = from_base64(base64);
    if (!octets || octets->empty()) return "";
    const bool is_cut = octets->size() > octets_shown;
    if (is_cut) octets->resize(octets_shown);
    bool is_text = true;
    for (const std::uint8_t octet : *octets) is_text = is_text && octet >= ' ' && octet < 0x7f;
    const std::string shown = is_text ? '"' + std::string(as_text(*octets)) + '"' : to_hex(*octets);
    return shown + (is_cut ? "..." : "");
}

std::string seconds_text(std::int64_t milliseconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(milliseconds) / 1000);
    return text;
}

void append(std::string& line, const std::string& word) {
    if (word.empty() || word == "-") return;
    if (!line.empty()) line += "  ";
    line += word;
}

std::string outcome_text(const json& event) {
    std::string line = cell(event, "state");
    if (const std::string level = cell(event, "level"); level != "none") line += '(' + level + ')';
    if (event.value("late", false)) line += " late";
    if (const std::string reason = cell(event, "reason"); reason != "-") line += ", " + reason;
    const json response = event.value("response", json());
    if (response.is_object()) {
        append(line, cell(response, "code"));
        append(line, payload_text(response.value("payload", "")));
    }
    append(line, cell(event, "detail"));
    append(line, "after " + seconds_text(event.value("latencyMs", std::int64_t{0})));
    if (event.value("attempts", 0) > 1) append(line, cell(event, "attempts") + " attempts");
    append(line, cell(event, "correlationId"));
    append(line, cell(event, "messageId"));
    return line;
}

}  // namespace

std::string event_line(const json& event) {
    const std::string type = cell(event, "type");
    std::string line = cell(event, "at");
    append(line, cell(event, "externalId"));
    if (type == "message") {
        append(line, outcome_text(event));
    } else if (type == "registration") {
        append(line, cell(event, "change") == "registered" ? "registered at" : "no longer at");
        line += ' ' + cell(event, "server");
        append(line, cell(event, "endpoint"));
    } else if (type == "configuration") {
        append(line, "NIDD " + cell(event, "status"));
        append(line, cell(event, "cause"));
    } else if (type == "uplink") {
        append(line, "sent " + payload_text(event.value("payload", "")));
    } else {
        append(line, type + ' ' + cell(event, "id"));
    }
    return printable(line);
}

}  // namespace scef::ctl
