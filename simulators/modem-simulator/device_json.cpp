#include "simulators/modem-simulator/device_json.h"

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/modem-simulator/coap_summary.h"

namespace scef::modem_simulator {
namespace {

using nlohmann::json;

std::string registration_state(const client::Client& client, const client::Session& session) {
    const bool is_with_bootstrap_server =
        client.bootstrap().is_active() && &session == &client.session(0);
    return std::string(is_with_bootstrap_server ? "bootstrapping"
                                                : name_of(session.registration().state()));
}

json session_json(const client::Client& client, const client::Session& session) {
    const client::SessionCounters& counters = session.counters();
    json executed = json::object();
    for (const auto& [path, count] : counters.executed) executed[path] = count;
    return {
        {"endpoint", client.settings().endpoint},
        {"shortServerId", session.account().short_server_id},
        {"registered", session.registration().is_registered()},
        {"registration",
         {{"state", registration_state(client, session)},
          {"location", session.registration().location_text()},
          {"lifetime", session.is_bound() ? session.account().lifetime_seconds
                                          : client.settings().lifetime.count()}}},
        {"observations", session.notifier().size()},
        {"executed", std::move(executed)},
        {"requestsHandled", counters.requests_handled},
        {"duplicatesSuppressed", session.messages().duplicates_suppressed()},
        {"notificationsSent", counters.notifications_sent},
        {"notificationsStored", counters.notifications_stored},
        {"notificationsDiscarded", counters.notifications_discarded},
        {"registrations", counters.registrations},
        {"updates", counters.updates},
        {"sends", counters.sends},
        {"failures", counters.failures},
    };
}

json bootstrap_json(const client::Bootstrap& bootstrap) {
    return {{"account", bootstrap.has_account()},
            {"state", std::string(name_of(bootstrap.state()))},
            {"finished", bootstrap.finished()}};
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
                {"kind", device.lwm2m_client() == nullptr ? "tap" : "lwm2m"},
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
    const client::Client& client = *device.lwm2m_client();
    result.update(session_json(client, client.session(0)));
    result["registered"] = client.is_registered();
    result["offline"] = client.is_offline();
    result["bootstrap"] = bootstrap_json(client.bootstrap());
    for (std::size_t pipe = 0; pipe < device.pipes().size(); ++pipe) {
        const auto& rds = device.pipes()[pipe];
        if (!rds) continue;
        json known = session_json(client, client.session(pipe));
        known["rdsPort"] = {{"portUE", rds->ue}, {"portSCEF", rds->scef}};
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
