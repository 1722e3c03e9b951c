#include "scef-adapter/ctl/quota_view.h"

#include <algorithm>

#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {

using nlohmann::json;

namespace {

/// Without the milliseconds, which nobody plans by.
std::string time_cell(const json& document, const char* name) {
    std::string text = cell(document, name);
    const std::size_t point = text.find('.');
    return point == std::string::npos ? text : text.substr(0, point) + 'Z';
}

json member(const json& document, const char* name) {
    return document.is_object() ? document.value(name, json()) : json();
}

bool has(const json& list, const json& limit) {
    return std::find(list.begin(), list.end(), limit) != list.end();
}

void add_limits(Table& table, const std::string& direction, const std::string& kind,
                const json& limits, const json& effective) {
    for (const json& limit : limits) {
        const std::string mark = has(effective, limit) ? " *" : "";
        table.add({direction, kind + mark, cell(limit, "name"), cell(limit, "limit"),
                   cell(limit, "used"), cell(limit, "remaining"), time_cell(limit, "resetsAt"),
                   time_cell(limit, "forecastExhaustedAt")});
    }
}

std::string amount_text(const json& amount) {
    return cell(amount, "messages") + " messages, " + cell(amount, "octets") + " octets";
}

std::string side_text(const std::string& direction, const json& side) {
    std::string text = direction + ": " + amount_text(member(side, "totals")) + " ever";
    const json leased = member(side, "leased");
    if (leased.is_object()) text += "; leased to shards: " + amount_text(leased);
    if (cell(side, "exhaustedUntil") != "-") {
        text += "; the SCEF lets nothing pass until " + time_cell(side, "exhaustedUntil");
    }
    return text + '\n';
}

std::string percent(const json& share) {
    if (!share.is_number()) return "-";
    return std::to_string(static_cast<int>(share.get<double>() * 100 + 0.5)) + '%';
}

}  // namespace

std::string quota_text(const json& quota) {
    std::string text = cell(quota, "scope") + ": ";
    if (member(quota, "quota").is_null()) {
        text += "no quota";
    } else {
        text += "quota " + cell(quota, "quota") + ", on_exhausted " + cell(quota, "onExhausted") +
                ", emergency_reserve " + percent(member(quota, "emergencyReserve"));
    }
    text +=
        ", by the " + std::string(cell(quota, "source") == "api" ? "API" : "configuration") + '\n';
    Table table(
        {"DIRECTION", "FROM", "LIMIT", "AMOUNT", "USED", "REMAINING", "RESETS", "EXHAUSTED"});
    bool has_limits = false;
    for (const char* direction : {"downlink", "uplink"}) {
        const json side = member(quota, direction);
        const json effective = member(side, "effective");
        for (const char* kind : {"configured", "learned"}) {
            const json limits = member(side, kind);
            has_limits |= !limits.empty();
            add_limits(table, direction, kind, limits, effective);
        }
    }
    if (has_limits)
        text +=
            '\n' + table.text() + "* of messages or octets, the one of which the least is left\n\n";
    for (const char* direction : {"downlink", "uplink"}) {
        text += side_text(direction, member(quota, direction));
    }
    return text;
}

std::string dry_run_text(const json& verdict) {
    const json refusal = member(verdict, "refusedBy");
    const json cost = member(verdict, "cost");
    std::string text = "would be taken\n";
    if (refusal.is_object()) {
        text =
            "would be refused: " + cell(refusal, "detail") + " (" + cell(refusal, "cause") + ")\n";
    }
    const auto line = [&](const std::string& name, const std::string& value) {
        text += "  " + name + std::string(16 - name.size(), ' ') + value + '\n';
    };
    line("costs", cell(cost, "octets") + " octets, counted as " + cell(cost, "octetsCounted") +
                      (cell(cost, "frames") == "1"
                           ? ""
                           : "; begins a transfer of " + cell(cost, "frames") + " frames"));
    if (!refusal.is_object()) {
        const std::string earliest = time_cell(verdict, "earliestSendTime");
        line("may leave", earliest == "-" ? "nobody knows yet" : earliest);
    }
    line("expires", time_cell(verdict, "expiresAt"));
    if (cell(verdict, "queueAhead") != "0") line("behind", cell(verdict, "queueAhead"));
    for (const json& wait : member(verdict, "waits")) {
        std::string why = cell(wait, "reason");
        if (cell(wait, "detail") != "-") why += " (" + cell(wait, "detail") + ')';
        if (cell(wait, "until") != "-") why += ", until " + time_cell(wait, "until");
        line("waits for", why);
    }
    const json limits = member(verdict, "limits");
    if (limits.empty()) return text;
    Table table({"SCOPE", "LIMIT", "REMAINING", "RESETS"});
    for (const json& limit : limits) {
        table.add({cell(limit, "scope"), cell(limit, "name"), cell(limit, "remaining"),
                   time_cell(limit, "resetsAt")});
    }
    return text + '\n' + table.text();
}

}  // namespace scef::ctl
