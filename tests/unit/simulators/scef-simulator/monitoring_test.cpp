#include "simulators/scef-simulator/monitoring.h"

#include "tests/unit/simulators/scef-simulator/operator_fixture.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

class MonitoringEvents : public OperatorFixture {
protected:
    json body(const std::string& type) const {
        json body{{"externalId", ue},
                  {"notificationDestination", "http://as/cb"},
                  {"monitoringType", type},
                  {"maximumNumberOfReports", 10}};
        if (type == "UE_REACHABILITY") body["reachabilityType"] = "DATA";
        return body;
    }

    Monitoring::Created subscribe(const json& body) {
        std::vector<InvalidParam> complaints;
        SubscriptionRequest request = read_subscription(body, turn().wall, complaints);
        EXPECT_TRUE(complaints.empty());
        auto created =
            dut.monitoring().create(std::move(request), "as", "http://scef/as", dut.scef(), turn());
        take();
        return created.value_or(Monitoring::Created(std::string{}));
    }

    std::size_t subscriptions() { return dut.monitoring().of_scs_as("as").size(); }

    std::vector<json> reports() const {
        std::vector<json> reports;
        for (const json& told : told(Notification::Kind::monitoring)) {
            for (const json& report : told["monitoringEventReports"]) reports.push_back(report);
        }
        return reports;
    }

    void fail_a_downlink() {
        ConfigurationRequest request;
        request.configuration.identity = {Identity::Kind::external_id, ue};
        ASSERT_TRUE(dut.scef().create(std::move(request), "dm", "http://scef/dm", turn()));
        Transfer transfer;
        transfer.identity = {Identity::Kind::external_id, ue};
        transfer.data = {1};
        dut.scef().submit(*dut.scef().configurations().of_scs_as("dm").at(0), transfer, turn());
        take();
    }
};

TEST_F(MonitoringEvents, every_wake_up_is_reported_with_the_time_until_when) {
    attach("psm");
    subscribe(body("UE_REACHABILITY"));
    EXPECT_TRUE(reports().empty());
    enter(UeState::connected, UeState::psm);
    ASSERT_EQ(reports().size(), 1U);
    EXPECT_EQ(reports()[0]["monitoringType"], "UE_REACHABILITY");
    EXPECT_EQ(reports()[0]["externalId"], ue);
    EXPECT_TRUE(reports()[0].contains("maxUEAvailabilityTime"));
    run(60s);
    EXPECT_EQ(reports().size(), 1U);
    enter(UeState::connected);
    EXPECT_EQ(reports().size(), 2U);
}

TEST_F(MonitoringEvents, each_paging_window_of_edrx_is_reported) {
    attach("edrx");
    subscribe(body("UE_REACHABILITY"));
    run(81'920ms * 3 + 1s);
    EXPECT_EQ(reports().size(), 3U);
}

TEST_F(MonitoringEvents, a_single_report_of_a_reachable_ue_is_the_answer_itself) {
    attach("connected");
    json once = body("UE_REACHABILITY");
    once["maximumNumberOfReports"] = 1;
    const auto created = subscribe(once);
    ASSERT_TRUE(std::holds_alternative<json>(created));
    EXPECT_EQ(std::get<json>(created)["reachabilityType"], "DATA");
    EXPECT_EQ(subscriptions(), 0U);
}

TEST_F(MonitoringEvents, the_last_report_ends_the_subscription) {
    attach("psm");
    json twice = body("UE_REACHABILITY");
    twice["maximumNumberOfReports"] = 2;
    subscribe(twice);
    for (int i = 0; i < 3; ++i) {
        enter(UeState::connected);
        enter(UeState::psm);
    }
    EXPECT_EQ(reports().size(), 2U);
    EXPECT_EQ(subscriptions(), 0U);
}

TEST_F(MonitoringEvents, the_expiry_time_ends_the_subscription_without_a_word) {
    json timed = body("UE_REACHABILITY");
    timed.erase("maximumNumberOfReports");
    timed["monitorExpireTime"] = "1970-01-12T15:00:00Z";
    subscribe(timed);
    EXPECT_EQ(subscriptions(), 1U);
    run(2h);
    EXPECT_EQ(subscriptions(), 0U);
    EXPECT_TRUE(notifications.empty());
}

TEST_F(MonitoringEvents, falling_idle_tells_the_sleep_timers_if_asked) {
    attach("psm");
    json idle = body("UE_REACHABILITY");
    idle["idleStatusIndication"] = true;
    idle["suggestedNumberOfDlPackets"] = 3;
    subscribe(idle);
    enter(UeState::connected, UeState::psm);
    run(10s);
    ASSERT_EQ(reports().size(), 2U);
    const json info = reports()[1]["idleStatusInfo"];
    EXPECT_EQ(info["activeTime"], 20);
    EXPECT_EQ(info["suggestedNumberOfDlPackets"], 3);
    EXPECT_TRUE(info.contains("idleStatusTimestamp"));
}

TEST_F(MonitoringEvents, availability_is_reported_only_after_a_failed_downlink) {
    attach("psm");
    subscribe(body("AVAILABILITY_AFTER_DDN_FAILURE"));
    enter(UeState::connected);
    enter(UeState::psm);
    EXPECT_TRUE(reports().empty());
    fail_a_downlink();
    enter(UeState::connected);
    ASSERT_EQ(reports().size(), 1U);
    enter(UeState::psm);
    enter(UeState::connected);
    EXPECT_EQ(reports().size(), 1U);
}

TEST_F(MonitoringEvents, a_lost_ue_is_reported_when_it_detaches_or_is_silent_for_too_long) {
    attach("connected");
    json loss = body("LOSS_OF_CONNECTIVITY");
    loss["maximumDetectionTime"] = 100;
    subscribe(loss);
    enter(UeState::psm);
    run(99s);
    EXPECT_TRUE(reports().empty());
    run(1s);
    ASSERT_EQ(reports().size(), 1U);
    EXPECT_EQ(reports()[0]["lossOfConnectReason"], 2);
    enter(UeState::connected);
    enter(UeState::detached);
    ASSERT_EQ(reports().size(), 2U);
    EXPECT_EQ(reports()[1]["lossOfConnectReason"], 0);
}

TEST(SubscriptionBody, it_needs_an_end_and_a_type_of_reachability) {
    std::vector<InvalidParam> complaints;
    read_subscription({{"externalId", "a@b"},
                       {"notificationDestination", "http://as/cb"},
                       {"monitoringType", "UE_REACHABILITY"}},
                      WallTime{}, complaints);
    ASSERT_EQ(complaints.size(), 2U);
    EXPECT_EQ(complaints[0].param, "/reachabilityType");
    EXPECT_EQ(complaints[1].param, "/maximumNumberOfReports");
}

}  // namespace
}  // namespace scef::scef_simulator
