#include "simulators/scef-simulator/subscription.h"

#include <algorithm>
#include <array>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/t8_members.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t seconds_max = 4'294'967'295;
constexpr std::int64_t reports_max = 1'000'000'000;
/// Loss_of_connectivity, Ue-reachability, Availability_after_DDN_failure and
/// Notification_test_event, numbered as in TS 29.122 5.3.4.
constexpr std::uint64_t our_features = 0x243;

constexpr std::array<std::pair<MonitoringType, const char*>, 3> types{{
    {MonitoringType::ue_reachability, "UE_REACHABILITY"},
    {MonitoringType::availability_after_ddn_failure, "AVAILABILITY_AFTER_DDN_FAILURE"},
    {MonitoringType::loss_of_connectivity, "LOSS_OF_CONNECTIVITY"},
}};

constexpr std::array<const char*, 14> members{"externalId",
                                              "msisdn",
                                              "mtcProviderId",
                                              "notificationDestination",
                                              "requestTestNotification",
                                              "monitoringType",
                                              "maximumNumberOfReports",
                                              "monitorExpireTime",
                                              "maximumDetectionTime",
                                              "reachabilityType",
                                              "maximumLatency",
                                              "maximumResponseTime",
                                              "suggestedNumberOfDlPackets",
                                              "idleStatusIndication"};

void read_type(BodyReader& reader, SubscriptionRequest& request) {
    const auto type = monitoring_type_of(reader.text("monitoringType").value_or(""));
    if (!type) reader.complain("monitoringType", "a known monitoring type is expected");
    request.type = type.value_or(MonitoringType::ue_reachability);
    if (request.type != MonitoringType::ue_reachability) return;
    request.reachability_type = reader.text("reachabilityType").value_or("");
    if (request.reachability_type != "SMS" && request.reachability_type != "DATA") {
        reader.complain("reachabilityType", "SMS or DATA is expected");
    }
}

void read_end(BodyReader& reader, WallTime wall, SubscriptionRequest& request) {
    request.reports_max = reader.integer("maximumNumberOfReports", 1, reports_max);
    if (const auto text = reader.text("monitorExpireTime")) {
        const Result<WallTime> end = from_rfc3339(*text);
        if (!end) {
            reader.complain("monitorExpireTime", "an RFC 3339 date-time is expected");
        } else if (*end <= wall) {
            reader.complain("monitorExpireTime", "it is in the past");
        } else {
            request.expires = *end;
        }
    }
    if (!reader.has("maximumNumberOfReports") && !reader.has("monitorExpireTime")) {
        reader.complain("maximumNumberOfReports", "it or monitorExpireTime is required");
    }
}

/// Whole seconds, at least one: what a scheduler of the SCS/AS can plan with.
std::int64_t seconds_of(Duration duration) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(duration).count();
    return std::max<std::int64_t>(1, seconds);
}

}  // namespace

const char* name_of(MonitoringType type) {
    for (const auto& [known, name] : types) {
        if (known == type) return name;
    }
    return types[0].second;
}

std::optional<MonitoringType> monitoring_type_of(const std::string& name) {
    for (const auto& [type, known] : types) {
        if (known == name) return type;
    }
    return std::nullopt;
}

SubscriptionRequest read_subscription(const json& body, WallTime wall,
                                      std::vector<InvalidParam>& complaints) {
    BodyReader reader(body, complaints);
    SubscriptionRequest request;
    request.identity = read_single_identity(reader);
    if (!reader.has("notificationDestination")) {
        reader.complain("notificationDestination", "it is required");
    }
    read_destination(reader, request.destination);
    read_type(reader, request);
    read_end(reader, wall, request);
    request.tells_idle = reader.boolean("idleStatusIndication").value_or(false);
    if (const auto seconds = reader.integer("maximumDetectionTime", 1, seconds_max)) {
        request.detection_time = std::chrono::seconds(*seconds);
    }
    for (const char* name : {"maximumLatency", "maximumResponseTime"}) {
        reader.integer(name, 0, seconds_max);
    }
    request.downlink_packets = reader.integer("suggestedNumberOfDlPackets", 0, seconds_max);
    request.test_notification_requested = reader.boolean("requestTestNotification").value_or(false);
    const std::string features = read_features(reader, our_features);
    request.accepted = json::object();
    for (const char* name : members) {
        if (reader.has(name)) request.accepted[name] = body[name];
    }
    if (!features.empty()) request.accepted["supportedFeatures"] = features;
    return request;
}

json to_json(const Subscription& subscription) {
    json object = subscription.request.accepted;
    object["self"] = subscription.self;
    return object;
}

json to_json(const Report& report, const Subscription& subscription, const Ue& ue) {
    const SubscriptionRequest& request = subscription.request;
    json object{{"monitoringType", name_of(request.type)},
                {member_of(request.identity.kind), request.identity.text},
                {"eventTime", to_rfc3339(report.time)}};
    if (!request.reachability_type.empty()) object["reachabilityType"] = request.reachability_type;
    if (report.available_until) {
        object["maxUEAvailabilityTime"] = to_rfc3339(*report.available_until);
    }
    if (report.loss_reason) object["lossOfConnectReason"] = *report.loss_reason;
    if (!report.tells_idle) return object;
    json& idle = object["idleStatusInfo"];
    idle["idleStatusTimestamp"] = to_rfc3339(report.time);
    const Timers& timers = ue.timers();
    if (ue.sleep_mode() == UeState::edrx) {
        idle["edrxCycleLength"] = std::chrono::duration<double>(timers.edrx_cycle).count();
    } else if (ue.sleep_mode() == UeState::psm) {
        idle["activeTime"] = seconds_of(timers.active);
        if (timers.periodic_tau != Duration::zero()) {
            idle["periodicAUTimer"] = seconds_of(timers.periodic_tau);
        }
    }
    if (request.downlink_packets) idle["suggestedNumberOfDlPackets"] = *request.downlink_packets;
    return object;
}

json notification_body(const Report& report, const Subscription& subscription, const Ue& ue) {
    return {{"subscription", subscription.self},
            {"monitoringEventReports", json::array({to_json(report, subscription, ue)})}};
}

}  // namespace scef::scef_simulator
