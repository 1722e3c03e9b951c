#include "scef-adapter/admin/device_json.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/quota_choice.h"

namespace scef::adapter {
namespace {

using nlohmann::json;

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

json time_or_null(WallTime time) {
    return time == WallTime{} ? json(nullptr) : json(to_rfc3339(time));
}

std::string_view name_of(ReachabilityConfig::Kind kind) {
    switch (kind) {
        case ReachabilityConfig::Kind::always:
            return "always";
        case ReachabilityConfig::Kind::edrx:
            return "edrx";
        case ReachabilityConfig::Kind::psm:
            return "psm";
    }
    return "";
}

json configuration_json(const Engine& engine, const Device& device) {
    const NiddLink& nidd = device.nidd;
    json document{{"status", scef::adapter::name_of(nidd.status)},
                  {"self", nullptr},
                  {"maximumPacketSize", nullptr},
                  {"expiresAt", time_or_null(nidd.expires_at)},
                  {"cause", text_or_null(nidd.last_cause)}};
    if (!nidd.configuration_id.empty()) {
        const ScefConfig& scef = engine.config().scefs[device.scef];
        document["self"] = scef.api_root + scef.nidd_path + '/' + scef.scs_as_id +
                           "/configurations/" + nidd.configuration_id;
    }
    document["features"] =
        nidd::feature_names(engine.config().scefs[device.scef].profile, nidd.supported_features);
    if (nidd.maximum_packet_bits != 0) document["maximumPacketSize"] = nidd.maximum_packet_bits;
    return document;
}

json wake_up_json(const WakeUp& wake_up) {
    if (wake_up.at == WallTime{}) return nullptr;
    return {
        {"at", time_or_null(wake_up.at)},
        {"trigger", wake_up.kind == WakeUp::Kind::bootstrap ? "bootstrap" : "registrationUpdate"},
        {"result", wake_up.result}};
}

json registration_json(const std::optional<Registration>& registration) {
    if (!registration) return nullptr;
    return {{"endpoint", registration->endpoint_name},
            {"location", registration->location},
            {"binding", registration->binding},
            {"version", registration->version},
            {"lifetime", registration->lifetime_seconds},
            {"queueMode", registration->queue_mode},
            {"updatedAt", time_or_null(registration->updated_at)}};
}

json ports_json(const LwM2mServerConfig& server) {
    if (!server.rds) return nullptr;
    return {{"portUE", server.rds->ports.port_ue},
            {"portSCEF", server.rds->ports.port_scef},
            {"applicationId", text_or_null(server.rds->application_id)}};
}

json endpoints_json(const ShardAccess& shards, const Engine& engine, const Device& device) {
    json list = json::array();
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        list.push_back({{"server", endpoint.server_name},
                        {"address", shards.endpoint_text(engine.shard(), endpoint.index)},
                        {"rds", ports_json(engine.config().lwm2m_servers[endpoint.server])},
                        {"registration", registration_json(endpoint.registration)}});
    }
    return list;
}

}  // namespace

json device_json(const ShardAccess& shards, const Engine& engine, const Device& device,
                 const Turn& turn) {
    const DeviceSpec& spec = device.spec;
    const VirtualEndpoint* first = device.endpoint_of_server(spec.server);
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    if (device.activity) {
        messages = device.activity->queue.size();
        bytes = device.activity->queued_bytes;
    }
    return {
        {"externalId", spec.external_id.text()},
        {"profile", spec.profile},
        {"quota", quota_json(spec.quota)},
        {"server", spec.server},
        {"servers", spec.servers},
        {"endpoint", text_or_null(spec.endpoint)},
        {"mode", spec.opaque ? "opaque" : "coap"},
        {"groups", spec.groups},
        {"endpoints", endpoints_json(shards, engine, device)},
        {"niddConfiguration", configuration_json(engine, device)},
        {"registration", first == nullptr ? json(nullptr) : registration_json(first->registration)},
        {"reachability",
         {{"kind", name_of(device.profile->reachability.kind)},
          {"reachable", engine.is_reachable(device, turn.now, turn.wall)},
          {"lastUplink", time_or_null(device.last_uplink)}}},
        {"wakeUp", wake_up_json(device.wake_up)},
        {"paused", device.paused},
        {"queue", {{"messages", messages}, {"bytes", bytes}}},
        {"createdAt", time_or_null(device.created_at)}};
}

}  // namespace scef::adapter
