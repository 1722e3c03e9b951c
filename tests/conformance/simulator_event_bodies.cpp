#include "tests/conformance/simulator_event_bodies.h"

#include <cstdlib>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/subscription.h"
#include "simulators/scef-simulator/t8_members.h"
#include "simulators/scef-simulator/trigger.h"

namespace scef::conformance {
namespace {

using namespace scef_simulator;
using nlohmann::json;

constexpr const char* direction = "from_scef";
constexpr const char* destination = "https://adapter.example/t8/v1/notifications/abc";
constexpr const char* trigger_path = "/3gpp-device-triggering/v1/dm/transactions/t-1";
constexpr const char* subscription_path = "/3gpp-monitoring-event/v1/dm/subscriptions/s-1";
constexpr std::uint32_t seconds_max = 4'294'967'295;

/// The simulator keeps and echoes what it read, so what it read must be right.
template <typename Request>
Request checked(Request request, const std::vector<InvalidParam>& complaints) {
    for (const InvalidParam& complaint : complaints) {
        std::cerr << "the drawn body is wrong: " << complaint.param << ' ' << complaint.reason
                  << '\n';
    }
    if (!complaints.empty()) std::exit(1);
    return request;
}

void name_ue(Chance& chance, json& body) {
    if (chance.flag()) {
        body["msisdn"] = "491701234567";
    } else {
        body["externalId"] = chance.external_id();
    }
}

json posted_trigger(Chance& chance) {
    json body{{"validityPeriod", chance.number(0, seconds_max)},
              {"priority", chance.one_of<const char*>({"PRIORITY", "NO_PRIORITY"})},
              {"applicationPortId", chance.port()},
              {"triggerPayload", to_base64(Bytes(chance.number(1, 140), 0x51))},
              {"notificationDestination", destination}};
    name_ue(chance, body);
    if (chance.maybe()) body["appSrcPortId"] = chance.port();
    if (chance.maybe()) body["requestTestNotification"] = true;
    if (chance.maybe()) body["supportedFeatures"] = chance.features();
    return body;
}

Trigger trigger(Chance& chance) {
    std::vector<InvalidParam> complaints;
    Trigger made;
    made.self = chance.link(trigger_path);
    made.request = checked(read_trigger(posted_trigger(chance), complaints), complaints);
    made.result = chance.one_of<std::string>({"SUCCESS", "UNKNOWN", "FAILURE", "TRIGGERED",
                                              "EXPIRED", "UNCONFIRMED", "REPLACED", "TERMINATE"});
    return made;
}

json posted_subscription(Chance& chance) {
    json body{{"notificationDestination", destination},
              {"monitoringType",
               chance.one_of<const char*>(
                   {"UE_REACHABILITY", "AVAILABILITY_AFTER_DDN_FAILURE", "LOSS_OF_CONNECTIVITY"})}};
    name_ue(chance, body);
    if (body["monitoringType"] == "UE_REACHABILITY") {
        body["reachabilityType"] = chance.one_of<const char*>({"SMS", "DATA"});
    }
    const bool counts = chance.maybe();
    if (counts) body["maximumNumberOfReports"] = chance.number(1, 1'000'000'000);
    if (chance.maybe() || !counts) body["monitorExpireTime"] = "2090-01-01T00:00:00.250Z";
    if (chance.maybe()) body["mtcProviderId"] = "provider";
    if (chance.maybe()) body["requestTestNotification"] = chance.flag();
    if (chance.maybe()) body["maximumDetectionTime"] = chance.number(1, seconds_max);
    if (chance.maybe()) body["maximumLatency"] = chance.number(0, seconds_max);
    if (chance.maybe()) body["maximumResponseTime"] = chance.number(0, seconds_max);
    if (chance.maybe()) body["suggestedNumberOfDlPackets"] = chance.number(0, seconds_max);
    if (chance.maybe()) body["idleStatusIndication"] = chance.flag();
    if (chance.maybe()) body["supportedFeatures"] = chance.features();
    return body;
}

Subscription subscription(Chance& chance) {
    std::vector<InvalidParam> complaints;
    Subscription made;
    made.self = chance.link(subscription_path);
    made.request =
        checked(read_subscription(posted_subscription(chance), WallTime{}, complaints), complaints);
    return made;
}

/// A UE that sleeps by PSM with or without periodic updates, by eDRX, or not at all.
Ue ue(Chance& chance) {
    Timers timers;
    timers.periodic_tau = chance.one_of<Duration>({Duration{}, std::chrono::hours(24)});
    timers.edrx_cycle = std::chrono::milliseconds(chance.number(5'120, 10'485'760));
    Ue made(timers);
    made.set_sleep_mode(chance.one_of<UeState>({UeState::psm, UeState::edrx, UeState::connected}),
                        Instant{});
    return made;
}

Report report(Chance& chance) {
    Report made;
    made.time = chance.time();
    if (chance.maybe()) made.available_until = chance.time();
    made.tells_idle = chance.maybe();
    if (chance.maybe()) made.loss_reason = static_cast<int>(chance.number(0, 2));
    return made;
}

std::string test_notification(Chance& chance) {
    return test_body(chance.link(chance.flag() ? trigger_path : subscription_path)).dump();
}

}  // namespace

void print_event_bodies(Chance& chance) {
    print_many(chance, "DeviceTriggering", direction,
               [](Chance& drawn) { return to_json(trigger(drawn)).dump(); });
    print_many(chance, "DeviceTriggeringDeliveryReportNotification", direction,
               [](Chance& drawn) { return trigger_report_body(trigger(drawn)).dump(); });
    print_many(chance, "MonitoringEventSubscription", direction,
               [](Chance& drawn) { return to_json(subscription(drawn)).dump(); });
    print_many(chance, "MonitoringEventReport", direction, [](Chance& drawn) {
        return to_json(report(drawn), subscription(drawn), ue(drawn)).dump();
    });
    print_many(chance, "MonitoringNotification", direction, [](Chance& drawn) {
        return notification_body(report(drawn), subscription(drawn), ue(drawn)).dump();
    });
    print_many(chance, "TestNotification", direction, test_notification);
}

}  // namespace scef::conformance
