#include "simulators/scef-simulator/trigger.h"

#include <utility>

#include "lwm2m-core/vocabulary/base64.h"
#include "simulators/scef-simulator/t8_members.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t sms_octets_max = 140;
constexpr std::int64_t validity_max = 4'294'967'295;
constexpr std::int64_t port_max = 65'535;
/// Notification_test_event and PatchUpdate, numbered as in TS 29.122 5.7.4.
constexpr std::uint64_t our_features = 0x6;

void read_payload(BodyReader& reader, Bytes& payload) {
    const std::optional<std::string> text = reader.text("triggerPayload");
    if (!text) return;
    Result<Bytes> octets = from_base64(*text);
    if (!octets) return reader.complain("triggerPayload", "base64 is expected");
    if (octets->size() > sms_octets_max) {
        reader.complain("triggerPayload", "an SMS has at most 140 octets");
    }
    payload = std::move(*octets);
}

void read_members(BodyReader& reader, TriggerRequest& request) {
    if (const auto seconds = reader.integer("validityPeriod", 0, validity_max)) {
        request.validity = std::chrono::seconds(*seconds);
    }
    if (auto priority = reader.text("priority")) request.priority = std::move(*priority);
    if (const auto port = reader.integer("applicationPortId", 0, port_max)) {
        request.application_port = static_cast<std::uint16_t>(*port);
    }
    if (const auto port = reader.integer("appSrcPortId", 0, port_max)) {
        request.source_port = static_cast<std::uint16_t>(*port);
    }
    read_payload(reader, request.payload);
    read_destination(reader, request.destination);
    request.test_notification_requested =
        reader.boolean("requestTestNotification").value_or(request.test_notification_requested);
}

}  // namespace

TriggerRequest read_trigger(const json& body, std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    TriggerRequest request;
    request.identity = read_single_identity(reader);
    for (const char* name : {"validityPeriod", "priority", "applicationPortId", "triggerPayload",
                             "notificationDestination"}) {
        if (!reader.has(name)) reader.complain(name, "it is required");
    }
    read_members(reader, request);
    request.supported_features = read_features(reader, our_features);
    return request;
}

TriggerRequest read_trigger_patch(const json& body, TriggerRequest request,
                                  std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    for (const char* fixed : {"externalId", "msisdn"}) {
        if (reader.has(fixed)) reader.complain(fixed, "the identity cannot be changed");
    }
    read_members(reader, request);
    return request;
}

json to_json(const Trigger& trigger) {
    const TriggerRequest& request = trigger.request;
    json object{{"self", trigger.self},
                {member_of(request.identity.kind), request.identity.text},
                {"validityPeriod", request.validity.count()},
                {"priority", request.priority},
                {"applicationPortId", request.application_port},
                {"triggerPayload", to_base64(request.payload)},
                {"notificationDestination", request.destination},
                {"deliveryResult", trigger.result}};
    if (request.source_port) object["appSrcPortId"] = *request.source_port;
    if (request.test_notification_requested) object["requestTestNotification"] = true;
    if (!request.supported_features.empty()) {
        object["supportedFeatures"] = request.supported_features;
    }
    return object;
}

json trigger_report_body(const Trigger& trigger) {
    return {{"transaction", trigger.self}, {"result", trigger.result}};
}

}  // namespace scef::scef_simulator
