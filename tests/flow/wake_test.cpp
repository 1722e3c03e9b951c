#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/vocabulary/base64.h"
#include "tests/flow/sleep_worlds.h"

/// What is done for a message whose device sleeps: subscriptions to its reachability, and SMS
/// triggers (scef-adapter/engine/wake.cpp).
namespace scef::flow {
namespace {

using nlohmann::json;

adapter::Config with(bool watches, Duration wake_after = {}) {
    auto config = flow_config();
    config.scefs[0].monitoring.ue_reachability = watches;
    config.profiles["nb-iot"].wake_after = wake_after;
    return config;
}

nidd::MonitoringNotification report_of(const char* type) {
    nidd::MonitoringNotification told;
    told.subscription = "http://scef/3gpp-monitoring-event/v1/dm/subscriptions/1";
    told.reports.emplace_back().monitoring_type = type;
    return told;
}

TEST(Wake, a_message_that_waits_asks_once_to_be_told_when_its_device_can_be_reached) {
    World w(with(true));
    w.server.get("/3/0/0");
    w.server.get("/3/0/1");
    w.advance(1h);
    ASSERT_EQ(w.scef.subscriptions.size(), 1u);
    const auto asked = json::parse(w.scef.subscriptions[0]);
    EXPECT_EQ(asked["monitoringType"], "UE_REACHABILITY");
    EXPECT_EQ(asked["reachabilityType"], "DATA");
    EXPECT_EQ(asked["maximumNumberOfReports"], 1);
    EXPECT_EQ(asked["externalId"], w.device.external_id());
}

TEST(Wake, the_report_lets_it_go) {
    World w(with(true));
    w.server.get("/3/0/0");
    w.advance(10min);
    ASSERT_EQ(w.scef.posts, 0);
    w.scef.tell(w.device.external_id(), report_of("UE_REACHABILITY"));
    w.settle();
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.engine().counters().reachability_reports, 1u);
}

TEST(Wake, a_device_that_can_be_reached_already_is_told_of_in_the_answer) {
    World w(with(true));
    w.scef.subscription_status = 200;
    w.scef.subscription_body =
        R"({"monitoringType":"UE_REACHABILITY","externalId":"dev1@sim.example"})";
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.scef.posts, 1);
}

TEST(Wake, the_idle_status_teaches_the_power_saving) {
    World w(with(true));
    auto told = report_of("UE_REACHABILITY");
    told.reports[0].idle_status_info.emplace();
    told.reports[0].idle_status_info->active_time = 33s;
    told.reports[0].idle_status_info->periodic_au_timer = 5h;
    w.scef.tell(w.device.external_id(), told);
    w.settle();
    EXPECT_EQ(w.known().power.active_timer, Duration(33s));
    EXPECT_EQ(w.known().power.period, Duration(5h));
}

TEST(Wake, a_refused_subscription_is_not_asked_for_all_the_time) {
    World w(with(true));
    w.scef.subscription_status = 403;
    w.server.get("/3/0/0");
    w.advance(9min);
    EXPECT_EQ(w.scef.subscriptions.size(), 1u);
}

TEST(Wake, a_failed_attempt_asks_for_availability_after_ddn_failure) {
    auto config = flow_config();
    config.scefs[0].monitoring.availability_after_ddn_failure = true;
    World w(config);
    w.device_wakes_and_sends("hello");
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 2h});
    w.server.get("/3/0/0");
    w.settle();
    const int posts = w.scef.posts;
    ASSERT_EQ(w.scef.subscriptions.size(), 1u);
    EXPECT_EQ(json::parse(w.scef.subscriptions[0])["monitoringType"],
              "AVAILABILITY_AFTER_DDN_FAILURE");
    w.scef.tell(w.device.external_id(), report_of("AVAILABILITY_AFTER_DDN_FAILURE"));
    w.settle();
    EXPECT_EQ(w.scef.posts, posts + 1) << "it did not wait for the two hours";
}

TEST(Wake, the_operator_wakes_a_device_by_a_registration_update_trigger) {
    World w;
    w.command(adapter::WakeDevice{0, w.id(), false});
    w.settle();
    ASSERT_EQ(w.scef.triggers.size(), 1u);
    const auto sent = json::parse(w.scef.triggers[0]);
    EXPECT_EQ(sent["externalId"], w.device.external_id());
    EXPECT_EQ(sent["applicationPortId"], 5683);
    const auto octets = from_base64(sent["triggerPayload"].get<std::string>());
    const auto message = coap::parse(*octets);
    EXPECT_EQ(message->path_text(), "/1/0/8");
    EXPECT_EQ(message->code, coap::codes::post);
    EXPECT_EQ(w.known().wake_up.result, "TRIGGERED");
}

TEST(Wake, what_became_of_a_trigger_is_known) {
    World w;
    w.command(adapter::WakeDevice{0, w.id(), true});
    w.settle();
    w.scef.tell(w.device.external_id(),
                nidd::DeviceTriggeringDeliveryReport{"http://scef/transactions/1", "EXPIRED"});
    w.settle();
    EXPECT_EQ(w.known().wake_up.result, "EXPIRED");
    EXPECT_EQ(w.engine().counters().triggers_failed, 1u);
    w.crash_and_restart();
    EXPECT_EQ(w.known().wake_up.result, "EXPIRED");
}

TEST(Wake, a_message_that_waited_long_has_its_device_woken_and_not_again_at_once) {
    World w(with(false, 30min));
    w.server.get("/3/0/0");
    w.advance(29min);
    EXPECT_TRUE(w.scef.triggers.empty());
    w.advance(2min);
    EXPECT_EQ(w.scef.triggers.size(), 1u);
    w.crash_and_restart();
    w.server.get("/3/0/1");
    w.advance(20min);
    EXPECT_EQ(w.scef.triggers.size(), 1u);
}

TEST(Wake, by_default_no_sms_is_sent) {
    World w;
    w.server.get("/3/0/0");
    w.advance(50min);
    EXPECT_TRUE(w.scef.triggers.empty());
    EXPECT_TRUE(w.scef.subscriptions.empty());
}

TEST(Wake, a_test_notification_is_taken) {
    World w;
    w.scef.tell(w.device.external_id(), nidd::TestNotification{"http://scef/c1"});
    w.settle();
    EXPECT_EQ(w.engine().counters().test_notifications, 1u);
}

}  // namespace
}  // namespace scef::flow
