#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/scef-simulator/body_reader.h"
#include "simulators/scef-simulator/identity.h"
#include "simulators/scef-simulator/ue.h"

namespace scef::scef_simulator {

/// The monitoring types that there are (TS 29.122 5.3.2.4.3).
enum class MonitoringType : std::uint8_t {
    ue_reachability,
    availability_after_ddn_failure,
    loss_of_connectivity,
};

const char* name_of(MonitoringType type);
std::optional<MonitoringType> monitoring_type_of(const std::string& name);

/// What an SCS/AS says in a MonitoringEventSubscription (TS 29.122 5.3.2.1.2).
struct SubscriptionRequest {
    Identity identity;
    MonitoringType type = MonitoringType::ue_reachability;
    std::string destination;
    std::optional<std::int64_t> reports_max;
    std::optional<WallTime> expires;
    std::string reachability_type;
    bool tells_idle = false;                             ///< idleStatusIndication
    std::optional<std::chrono::seconds> detection_time;  ///< maximumDetectionTime
    std::optional<std::int64_t> downlink_packets;        ///< suggestedNumberOfDlPackets
    bool test_notification_requested = false;
    nlohmann::json accepted;  ///< the members that this SCEF knows, as they came
};

/// A subscription, and what it has seen of its UE.
struct Subscription {
    std::string id;
    std::string scs_as_id;
    std::string self;
    std::string ue;
    SubscriptionRequest request;
    std::int64_t reports = 0;
    bool was_reachable = false;
    UeState last_state = UeState::detached;
    bool failed = false;      ///< a downlink found the UE not reachable since the last report
    Instant lost_at = never;  ///< when the silence becomes a loss of connectivity
    bool is_spent() const { return request.reports_max && reports >= *request.reports_max; }
};

/// Reads a subscription of a known type and tells what is wrong with it; the value is of use only
/// if nothing was.
SubscriptionRequest read_subscription(const nlohmann::json& body, WallTime wall,
                                      std::vector<InvalidParam>& complaints);

nlohmann::json to_json(const Subscription& subscription);

/// What a MonitoringEventReport says of a UE beside its name and timers.
struct Report {
    WallTime time;
    std::optional<WallTime> available_until;
    bool tells_idle = false;
    std::optional<int> loss_reason;  ///< TS 29.336 8.4.58
};
nlohmann::json to_json(const Report& report, const Subscription& subscription, const Ue& ue);

/// The MonitoringNotification that carries this report.
nlohmann::json notification_body(const Report& report, const Subscription& subscription,
                                 const Ue& ue);

}  // namespace scef::scef_simulator
