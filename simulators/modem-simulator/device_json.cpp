#include "simulators/modem-simulator/device_json.h"

#include <array>

#include "lwm2m-core/client/objects/definitions.h"
#include "lwm2m-core/coap/summary.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"

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
        {"arguments", json(counters.arguments)},
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

std::string_view kind_of(const Device& device) {
    if (device.has_at_modem()) return "at";
    return device.lwm2m_client() == nullptr ? "tap" : "lwm2m";
}

json firmware_json(const client::Client& client) {
    constexpr std::array states{"idle", "downloading", "downloaded", "updating"};
    const client::Firmware& firmware = client.firmware();
    return {{"state", states[static_cast<std::size_t>(firmware.state())]},
            {"result", client::integer_at(client.model(), client::Path(5, 0, 5))},
            {"octets", firmware.downloaded_bytes()}};
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
    const client::Client& client = *device.lwm2m_client();
    result.update(session_json(client, client.session(0)));
    result["registered"] = client.is_registered();
    result["offline"] = client.is_offline();
    result["bootstrap"] = bootstrap_json(client.bootstrap());
    if (client.model().object(client::ids::firmware_update) != nullptr) {
        result["firmware"] = firmware_json(client);
    }
    for (std::size_t pipe = 0; pipe < device.pipes().size(); ++pipe) {
        const auto& rds = device.pipes()[pipe];
        if (!rds) continue;
        json known = session_json(client, client.session(pipe));
        known["rdsPort"] = {{"portUE", rds->ue}, {"portSCEF", rds->scef}};
        result["servers"].push_back(std::move(known));
    }
    return result;
}

json objects_json(const client::ObjectModel& model) {
    constexpr std::array types{"text", "integer",          "float",      "boolean", "opaque",
                               "time", "unsigned integer", "object link"};
    constexpr std::array accesses{"R", "W", "RW", "E", ""};
    json objects = json::array();
    for (const client::Object& object : model.objects()) {
        const client::ObjectDefinition& definition = *object.definition;
        json instances = json::array(), resources = json::array();
        for (const client::Instance& instance : object.instances) instances.push_back(instance.id);
        for (const client::ResourceDefinition& resource : definition.resources) {
            resources.push_back(
                {{"id", resource.id},
                 {"name", std::string(resource.name)},
                 {"type", types[static_cast<std::size_t>(resource.type)]},
                 {"operations", accesses[static_cast<std::size_t>(resource.access)]},
                 {"multiple", resource.multiple},
                 {"mandatory", resource.mandatory}});
        }
        const std::string_view version = definition.version.empty() ? "1.0" : definition.version;
        objects.push_back({{"id", definition.id},
                           {"name", std::string(definition.name)},
                           {"version", std::string(version)},
                           {"instances", std::move(instances)},
                           {"resources", std::move(resources)}});
    }
    return objects;
}

json observations_json(const client::Client& client) {
    json all = json::array();
    for (std::size_t pipe = 0; pipe < client.pipes(); ++pipe) {
        const client::Session& session = client.session(pipe);
        for (const auto& observed : session.notifier().observed()) {
            json paths = json::array();
            for (const client::Path& path : observed) paths.push_back(path.text());
            all.push_back({{"shortServerId", session.account().short_server_id},
                           {"paths", std::move(paths)}});
        }
    }
    return all;
}

Result<client::SendContent> send_content_from_json(std::string_view body) {
    client::SendContent content = client::default_send_content();
    if (body.empty()) return content;
    const json given = json::parse(body, nullptr, false);
    const auto refuse = [] {
        return fail(
            Errc::invalid_argument,
            R"(the body may be {"paths": ["/3/0/9"], "format": "senml-json"|"senml-cbor"})");
    };
    if (!given.is_object()) return refuse();
    if (given.contains("paths")) {
        content.paths.clear();
        if (!given["paths"].is_array() || given["paths"].empty()) return refuse();
        for (const json& text : given["paths"]) {
            const auto path =
                text.is_string() ? client::Path::parse(text.get<std::string>()) : std::nullopt;
            if (!path || path->depth() == 0) return refuse();
            content.paths.push_back(*path);
        }
    }
    const json format = given.value("format", json("senml-json"));
    if (format != "senml-json" && format != "senml-cbor") return refuse();
    if (format == "senml-cbor") content.format = client::formats::senml_cbor;
    return content;
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
            line["summary"] = coap::summary(entry.frame);
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

std::optional<client::Value> value_from_json(const json& json,
                                             const client::ResourceDefinition* definition) {
    if (json.is_boolean()) return client::Value(json.get<bool>());
    if (json.is_number_float()) return client::Value(json.get<double>());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
    if (json.is_number()) return client::Value(json.get<std::int64_t>());
    if (!json.is_string()) return std::nullopt;
    const bool is_text = definition == nullptr || definition->type == client::DataType::text;
    if (is_text) return client::Value(json.get<std::string>());
    return client::from_plain_text(json.get<std::string>(), definition->type);
}

}  // namespace scef::modem_simulator
