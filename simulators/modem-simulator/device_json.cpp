#include "simulators/modem-simulator/device_json.h"

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/modem-simulator/coap_summary.h"

namespace scef::modem_simulator {
namespace {

using nlohmann::json;

json client_json(const client::Client& client) {
    const client::ClientCounters& counters = client.counters();
    json executed = json::object();
    for (const auto& [path, count] : counters.executed) executed[path] = count;
    return {
        {"endpoint", client.settings().endpoint},
        {"registered", client.registration().is_registered()},
        {"registration",
         {{"state", std::string(name_of(client.registration().state()))},
          {"location", client.registration().location_text()},
          {"lifetime", client.lifetime_seconds()}}},
        {"observations", client.observations()},
        {"executed", std::move(executed)},
        {"requestsHandled", counters.requests_handled},
        {"duplicatesSuppressed", counters.duplicates_suppressed},
        {"notificationsSent", counters.notifications_sent},
        {"registrations", counters.registrations},
        {"updates", counters.updates},
        {"sends", counters.sends},
        {"failures", counters.failures},
    };
}

std::string_view kind_of(const Device& device) {
    if (device.has_at_modem()) return "at";
    return device.lwm2m_client() == nullptr ? "tap" : "lwm2m";
}

std::string_view direction(LogEntry::Kind kind) {
    if (kind == LogEntry::Kind::note) return "note";
    return kind == LogEntry::Kind::up ? "up" : "down";
}

}  // namespace

json device_json(const Device& device) {
    const Modem& modem = device.modem();
    const ModemCounters& counters = modem.counters();
    json result{{"externalId", modem.id().text()},
                {"kind", kind_of(device)},
                {"attached", modem.is_attached()},
                {"state", modem.state()},
                {"frames",
                 {{"up", counters.up},
                  {"down", counters.down},
                  {"repeated", counters.repeated},
                  {"refused", counters.refused},
                  {"lost", counters.lost}}},
                {"attaches", counters.attaches}};
    if (device.lwm2m_client() == nullptr) return result;
    result.update(client_json(*device.lwm2m_client()));
    result["registered"] = device.is_registered();
    for (const Device::Server& server : device.servers()) {
        if (!server.rds) continue;
        json known = client_json(*server.client);
        known["rdsPort"] = {{"portUE", server.rds->ue}, {"portSCEF", server.rds->scef}};
        result["servers"].push_back(std::move(known));
    }
    return result;
}

json totals_json(const Totals& totals) {
    return {{"devices", totals.devices},
            {"attached", totals.attached},
            {"registered", totals.registered},
            {"up", totals.up},
            {"down", totals.down},
            {"refused", totals.refused},
            {"lost", totals.lost}};
}

json log_json(const FrameLog& log, std::uint64_t after) {
    json entries = json::array();
    for (const LogEntry& entry : log.entries()) {
        if (entry.number <= after) continue;
        json line{{"number", entry.number},
                  {"time", to_rfc3339(entry.time)},
                  {"direction", direction(entry.kind)}};
        if (entry.kind == LogEntry::Kind::note) {
            line["summary"] = entry.note;
        } else {
            line["summary"] = coap_summary(entry.frame);
            line["octets"] = entry.frame.size();
            line["hex"] = to_hex(entry.frame);
        }
        entries.push_back(std::move(line));
    }
    return entries;
}

json value_json(const client::Value& value) {
    if (const auto* octets = std::get_if<Bytes>(&value)) return to_base64(*octets);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
    return std::get<double>(value);
}

std::optional<client::Value> value_from_json(const json& json) {
    if (json.is_boolean()) return client::Value(json.get<bool>());
    if (json.is_number_float()) return client::Value(json.get<double>());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (json.is_number()) return client::Value(json.get<std::int64_t>());
    if (json.is_string()) return client::Value(json.get<std::string>());
    return std::nullopt;
}

}  // namespace scef::modem_simulator
