#include "simulators/scef-simulator/scef.h"

#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

using ScefTest = ScefFixture;
using modem_link::Kind;

TEST_F(ScefTest, an_uplink_is_acknowledged_only_after_the_scs_as_took_it) {
    configure();
    attach("psm");
    uplink(1);
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_EQ(last_of(Kind::ack).sequence, 0U);
    dut.on_notification_ended(notifications[0], NotificationOutcome::taken, turn());
    take();
    EXPECT_EQ(last_of(Kind::ack).sequence, 1U);
}

TEST_F(ScefTest, a_repeated_uplink_is_notified_once_and_answered_again) {
    configure();
    attach("connected");
    uplink(1);
    uplink(1);
    ASSERT_EQ(notifications.size(), 1U);
    dut.on_notification_ended(notifications[0], NotificationOutcome::taken, turn());
    take();
    frames.clear();
    uplink(1);
    EXPECT_EQ(last_of(Kind::ack).sequence, 1U);
    EXPECT_EQ(notifications.size(), 1U);
    EXPECT_EQ(dut.network().find(ue)->counters.uplink, 1U);
}

TEST_F(ScefTest, rds_ports_of_an_uplink_are_told_known_or_not) {
    configure();
    attach("connected");
    dut.on_frame({Kind::uplink, ue, 1, "", "", {0x55}, modem_link::RdsPort{1, 2}}, turn());
    take();
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find(R"("rdsPort":{"portSCEF":2,"portUE":1})"),
              std::string::npos);
    uplink(2);
    EXPECT_EQ(notifications.at(1).body.find("rdsPort"), std::string::npos);
}

TEST_F(ScefTest, an_uplink_that_nobody_takes_is_refused_to_the_modem) {
    configure();
    attach("connected");
    uplink(1);
    dut.on_notification_ended(notifications.at(0), NotificationOutcome::unreachable, turn());
    take();
    EXPECT_EQ(last_of(Kind::refused).reason, "scs-as-unreachable");
}

TEST_F(ScefTest, an_uplink_without_configuration_is_discarded_and_counted) {
    attach("psm");
    uplink(1);
    EXPECT_EQ(last_of(Kind::refused).reason, "no-configuration");
    EXPECT_EQ(dut.uplinks_without_configuration(), 1U);
    EXPECT_EQ(state(), UeState::connected);
}

TEST_F(ScefTest, a_configuration_ends_at_its_duration_and_says_so) {
    configure(turn().wall + 60s);
    attach("psm");
    post("hello");
    run(60s);
    EXPECT_EQ(dut.configurations().size(), 0U);
    ASSERT_EQ(notifications.size(), 2U);
    EXPECT_EQ(notifications[0].kind, Notification::Kind::delivery_status);
    EXPECT_NE(notifications[1].body.find(R"("status":"TERMINATED")"), std::string::npos);
}

TEST_F(ScefTest, a_deleted_configuration_takes_its_buffered_frames_along_in_silence) {
    const ConfigurationId id = configure();
    attach("psm");
    post("hello");
    dut.remove(id, turn());
    take();
    uplink(1);
    EXPECT_TRUE(sent().empty());
    EXPECT_TRUE(notifications.empty());
}

TEST_F(ScefTest, an_open_post_is_answered_404_when_its_configuration_is_deleted) {
    const ConfigurationId id = configure();
    attach("connected");
    post("hello");
    dut.remove(id, turn());
    take();
    EXPECT_EQ(answers.at(0).status, 404);
}

TEST_F(ScefTest, uplinks_go_to_the_youngest_configuration) {
    configure();
    const ConfigurationId young = configure();
    attach("connected");
    uplink(1);
    EXPECT_NE(notifications.at(0).body.find(young), std::string::npos);
}

TEST_F(ScefTest, a_scef_that_lost_its_database_keeps_the_ues_attached) {
    configure();
    attach("psm");
    post("hello");
    dut.forget(turn());
    take();
    EXPECT_EQ(dut.configurations().size(), 0U);
    EXPECT_EQ(state(), UeState::psm);
    uplink(1);
    EXPECT_TRUE(sent().empty());
}

TEST(StrictScef, knows_provisioned_subscribers_only) {
    Settings settings;
    settings.strict = true;
    settings.ues = {{"known@iot.example", "491701234567"}};
    Scef dut(settings);
    SeededRandom random(1);
    const Turn turn{Instant{}, WallTime{}, random};
    EXPECT_TRUE(dut.set_state("known@IOT.example", UeState::psm, std::nullopt, turn));
    EXPECT_EQ(dut.set_state("other@iot.example", UeState::psm, std::nullopt, turn).error().code,
              Errc::forbidden);
    dut.take_effects();
    dut.on_frame({Kind::attach, "other@iot.example", 0, "psm", "", {}}, turn);
    const Effects effects = dut.take_effects();
    EXPECT_EQ(std::get<ToModem>(effects.at(1)).frame.reason, "unknown-subscriber");
}

TEST(ScefIdentity, a_configuration_by_msisdn_reaches_the_ue_of_that_number) {
    Settings settings;
    settings.ues = {{"known@iot.example", "491701234567"}};
    Scef dut(settings);
    SeededRandom random(1);
    ConfigurationRequest request;
    request.configuration.identity = {Identity::Kind::msisdn, "491701234567"};
    ASSERT_TRUE(dut.create(std::move(request), "dm", "x", {Instant{}, WallTime{}, random}));
    EXPECT_NE(dut.configurations().for_ue("known@iot.example"), nullptr);
}

}  // namespace
}  // namespace scef::scef_simulator
