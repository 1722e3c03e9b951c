#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/t8_json.h"

namespace scef::nidd {
namespace {

using nlohmann::json;

template <typename T>
T read_as(const std::string& text) {
    const auto read = parse_notification(text);
    EXPECT_TRUE(read) << read.error().message;
    if (!read || !std::holds_alternative<T>(*read)) {
        ADD_FAILURE() << "another kind of notification";
        return {};
    }
    return std::get<T>(*read);
}

TEST(TriggerJson, all_members_that_t8_requires_are_always_written) {
    DeviceTriggering trigger;
    trigger.external_id = "dev@example.com";
    trigger.notification_destination = "https://us/n";

    EXPECT_EQ(json::parse(to_json(trigger)),
              json::parse(R"({"externalId":"dev@example.com","validityPeriod":0,
                  "priority":"NO_PRIORITY","applicationPortId":0,"triggerPayload":"",
                  "notificationDestination":"https://us/n"})"));
}

TEST(TriggerJson, what_is_set_is_written) {
    DeviceTriggering trigger;
    trigger.external_id = "dev@example.com";
    trigger.validity_period = 3600;
    trigger.priority = true;
    trigger.application_port_id = 5683;
    trigger.trigger_payload = {0x01, 0xff};
    trigger.notification_destination = "https://us/n";
    trigger.supported_features = "3";

    EXPECT_EQ(json::parse(to_json(trigger)),
              json::parse(R"({"externalId":"dev@example.com","validityPeriod":3600,
                  "priority":"PRIORITY","applicationPortId":5683,"triggerPayload":"Af8=",
                  "notificationDestination":"https://us/n","supportedFeatures":"3"})"));
}

TEST(SubscriptionJson, reachability_with_an_end_is_written) {
    MonitoringEventSubscription subscription;
    subscription.external_id = "dev@example.com";
    subscription.monitoring_type = "UE_REACHABILITY";
    subscription.reachability_type = "DATA";
    subscription.monitor_expire_time = from_rfc3339("2030-01-01T00:00:00Z").value();
    subscription.idle_status_indication = true;
    subscription.notification_destination = "https://us/n";

    EXPECT_EQ(json::parse(to_json(subscription)),
              json::parse(R"({"externalId":"dev@example.com","monitoringType":"UE_REACHABILITY",
                  "reachabilityType":"DATA","monitorExpireTime":"2030-01-01T00:00:00.000Z",
                  "idleStatusIndication":true,"notificationDestination":"https://us/n"})"));
}

TEST(SubscriptionJson, what_is_absent_is_not_written) {
    MonitoringEventSubscription subscription;
    subscription.external_id = "dev@example.com";
    subscription.monitoring_type = "AVAILABILITY_AFTER_DDN_FAILURE";
    subscription.maximum_number_of_reports = 1;
    subscription.notification_destination = "https://us/n";

    EXPECT_EQ(json::parse(to_json(subscription)),
              json::parse(R"({"externalId":"dev@example.com","maximumNumberOfReports":1,
                  "monitoringType":"AVAILABILITY_AFTER_DDN_FAILURE",
                  "notificationDestination":"https://us/n"})"));
}

TEST(EventNotificationJson, a_delivery_report_of_a_trigger_is_read) {
    const auto report = read_as<DeviceTriggeringDeliveryReport>(
        R"({"transaction":"/p/dm/transactions/7","result":"OF_RELEASE_21"})");

    EXPECT_EQ(report.transaction, "/p/dm/transactions/7");
    EXPECT_EQ(report.result, "OF_RELEASE_21");
}

TEST(EventNotificationJson, a_monitoring_report_is_read_with_its_idle_status) {
    const auto notification = read_as<MonitoringNotification>(R"({"subscription":"/s/1",
        "monitoringEventReports":[{"monitoringType":"UE_REACHABILITY","reachabilityType":"DATA",
        "externalId":"Dev@Example.com","maxUEAvailabilityTime":"2030-01-01T00:00:00Z",
        "idleStatusInfo":{"activeTime":20,"edrxCycleLength":20.48,"periodicAUTimer":3240,
        "suggestedNumberOfDlPackets":3,"idleStatusTimestamp":"2029-12-31T00:00:00Z"}}]})");

    ASSERT_EQ(notification.reports.size(), 1u);
    const MonitoringEventReport& report = notification.reports.front();
    EXPECT_EQ(report.external_id, "Dev@example.com");
    EXPECT_EQ(report.reachability_type, "DATA");
    EXPECT_EQ(report.max_ue_availability_time, from_rfc3339("2030-01-01T00:00:00Z").value());
    ASSERT_TRUE(report.idle_status_info);
    EXPECT_EQ(report.idle_status_info->active_time, std::chrono::seconds(20));
    EXPECT_EQ(report.idle_status_info->edrx_cycle_length, std::chrono::milliseconds(20480));
    EXPECT_EQ(report.idle_status_info->periodic_au_timer, std::chrono::seconds(3240));
    EXPECT_EQ(report.idle_status_info->suggested_number_of_dl_packets, 3u);
    EXPECT_FALSE(report.loss_of_connectivity);
    EXPECT_FALSE(notification.cancelled);
}

TEST(EventNotificationJson, a_report_may_name_the_device_in_both_ways_or_in_none) {
    const auto notification = read_as<MonitoringNotification>(R"({"subscription":"/s/1",
        "monitoringEventReports":[{"monitoringType":"LOSS_OF_CONNECTIVITY",
        "lossOfConnectReason":6,"externalId":"a@b","msisdn":"491701234567"},
        {"monitoringType":"AVAILABILITY_AFTER_DDN_FAILURE"}]})");

    ASSERT_EQ(notification.reports.size(), 2u);
    EXPECT_EQ(notification.reports[0].msisdn, "491701234567");
    EXPECT_EQ(notification.reports[0].loss_of_connectivity, true);
    EXPECT_TRUE(notification.reports[1].external_id.empty());
}

TEST(EventNotificationJson, the_end_of_a_subscription_is_read) {
    const auto notification =
        read_as<MonitoringNotification>(R"({"subscription":"/s/1","cancelInd":true})");

    EXPECT_EQ(notification.subscription, "/s/1");
    EXPECT_TRUE(notification.cancelled);
    EXPECT_TRUE(notification.reports.empty());
}

TEST(EventNotificationJson, a_subscription_alone_is_a_test) {
    EXPECT_EQ(read_as<TestNotification>(R"({"subscription":"/s/1"})").subscription, "/s/1");
}

class MalformedEvent : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(MalformedEvent, is_refused) {
    const auto read = parse_notification(GetParam().second);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    Notifications, MalformedEvent,
    testing::Values(
        std::pair{"trigger_without_result", R"({"transaction":"/t/1"})"},
        std::pair{"trigger_with_a_number", R"({"transaction":"/t/1","result":1})"},
        std::pair{"trigger_with_blanks", R"({"transaction":"/t/1","result":"A B"})"},
        std::pair{"trigger_without_link", R"({"transaction":"","result":"SUCCESS"})"},
        std::pair{"trigger_and_test",
                  R"({"transaction":"/t","result":"SUCCESS","subscription":"/s"})"},
        std::pair{"reports_without_subscription",
                  R"({"monitoringEventReports":[{"monitoringType":"A"}]})"},
        std::pair{"reports_are_no_array",
                  R"({"subscription":"/s","monitoringEventReports":{"monitoringType":"A"}})"},
        std::pair{"report_without_type", R"({"subscription":"/s","monitoringEventReports":[{}]})"},
        std::pair{"report_is_no_object", R"({"subscription":"/s","monitoringEventReports":[1]})"},
        std::pair{"cancel_is_no_boolean", R"({"subscription":"/s","cancelInd":"true"})"},
        std::pair{"report_with_bad_identity",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","externalId":"a@b@c"}]})"},
        std::pair{"report_with_bad_number",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","msisdn":"+49"}]})"},
        std::pair{"negative_timer",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","idleStatusInfo":{"activeTime":-1}}]})"},
        std::pair{"endless_cycle",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","idleStatusInfo":{"edrxCycleLength":1e300}}]})"},
        std::pair{"negative_cycle",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","idleStatusInfo":{"edrxCycleLength":-0.5}}]})"},
        std::pair{"cycle_as_text",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","idleStatusInfo":{"edrxCycleLength":"20"}}]})"},
        std::pair{"endless_availability",
                  R"({"subscription":"/s","monitoringEventReports":[
                      {"monitoringType":"A","maxUEAvailabilityTime":"never"}]})"}),
    [](const auto& row) { return row.param.first; });

TEST(ImmediateReport, is_read_alone_in_a_list_and_within_the_subscription) {
    for (const char* body :
         {R"({"monitoringType":"UE_REACHABILITY","reachabilityType":"DATA"})",
          R"({"monitoringEventReports":[{"monitoringType":"UE_REACHABILITY",
              "reachabilityType":"DATA"}]})",
          R"({"self":"/s/1","monitoringType":"UE_REACHABILITY","monitoringEventReport":
              {"monitoringType":"UE_REACHABILITY","reachabilityType":"DATA"}})"}) {
        const auto read = parse_immediate_report(body);
        ASSERT_TRUE(read) << body << read.error().message;
        ASSERT_EQ(read->reports.size(), 1u) << body;
        EXPECT_EQ(read->reports[0].reachability_type, "DATA") << body;
        EXPECT_TRUE(read->subscription.empty());
    }
}

TEST(ImmediateReport, a_body_without_one_is_malformed) {
    for (const char* body : {"", "[]", "{}", R"({"subscription":"/s"})",
                             R"({"monitoringEventReport":1,"monitoringType":"A"})"}) {
        EXPECT_FALSE(parse_immediate_report(body)) << body;
    }
}

}  // namespace
}  // namespace scef::nidd
