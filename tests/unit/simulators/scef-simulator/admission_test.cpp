#include "simulators/scef-simulator/admission.h"

#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

class AdmissionTest : public ScefFixture {
protected:
    AdmissionTest() {
        id_ = configure();
        change_ue([](UeProfile& profile) {
            profile.rates.quota_downlink = {20, 24h};
            profile.rates.apn_downlink = {2, 1h};
        });
    }

    Configuration& configuration() { return *dut.configurations().find("dm", id_); }

private:
    ConfigurationId id_;
};

/// A transfer that breaks everything is refused for one thing after the other while each is mended.
TEST_F(AdmissionTest, the_checks_come_in_the_order_of_ts_29_122_4_4_5_3_1_then_quota_and_rate) {
    attach("psm");
    configuration().supported_features = "10";
    post("1234567");
    post("1234567");
    Transfer wanted = transfer(std::string(1'359, 'x'));
    wanted.identity.text = "other@iot.example";
    wanted.rds_port = modem_link::RdsPort{1, 2};
    dut.set_scs_as_authorized("dm", false);
    EXPECT_EQ(dut.admission().refusal_of_scs_as("dm").value().status, 401);
    dut.set_scs_as_authorized("dm", true);
    EXPECT_FALSE(dut.admission().refusal_of_scs_as("dm"));
    EXPECT_EQ(refusal_of(wanted), "the body is not as TS 29.122 has it");
    wanted.identity.text = ue;
    EXPECT_EQ(refusal_of(wanted), "DATA_TOO_LARGE");
    wanted.data = to_bytes(std::string(1'358, 'x'));
    EXPECT_EQ(refusal_of(wanted), "RDS_PORT_UNKNOWN");
    wanted.rds_port.reset();
    EXPECT_EQ(refusal_of(wanted), "QUOTA_EXCEEDED");
    wanted.data = to_bytes("123456");
    EXPECT_EQ(refusal_of(wanted), "RATE_EXCEEDED");
    change_ue([](UeProfile& profile) { profile.rates.apn_downlink = {3, 1h}; });
    EXPECT_EQ(refusal_of(wanted), "");
}

TEST_F(AdmissionTest, ports_are_verified_only_if_that_was_negotiated) {
    Transfer wanted = transfer("1");
    wanted.rds_port = modem_link::RdsPort{1, 2};
    configuration().supported_features = "8c";
    EXPECT_EQ(refusal_of(wanted), "");
    configuration().supported_features = "9c";
    EXPECT_EQ(refusal_of(wanted), "RDS_PORT_UNKNOWN");
    configuration().rds_ports = {{3, 4}, {1, 2}};
    EXPECT_EQ(refusal_of(wanted), "");
    wanted.rds_port = modem_link::RdsPort{1, 4};
    EXPECT_EQ(refusal_of(wanted), "RDS_PORT_UNKNOWN") << "ports count as pairs";
    wanted.rds_port.reset();
    EXPECT_EQ(refusal_of(wanted), "");
}

TEST_F(AdmissionTest, what_was_sent_counts_until_the_period_is_over) {
    attach("connected");
    post("1");
    acknowledge_last();
    post("2");
    acknowledge_last();
    EXPECT_EQ(refusal_of(transfer("3")), "RATE_EXCEEDED");
    run(1h);
    EXPECT_EQ(refusal_of(transfer("3")), "");
}

TEST_F(AdmissionTest, a_repeated_frame_counts_once) {
    attach("connected");
    post("1");
    run(20s);
    EXPECT_GT(sent().size(), 6U);
    EXPECT_EQ(refusal_of(transfer("2")), "");
}

TEST_F(AdmissionTest, a_replacement_does_not_count_beside_what_it_replaces) {
    attach("psm");
    post("1");
    const DeliveryId id = post("2");
    const Configuration& configuration = *dut.configurations().for_ue(ue);
    EXPECT_FALSE(
        dut.admission().refusal_of(configuration, transfer(std::string(19, 'x')), id, turn()));
    EXPECT_EQ(dut.admission()
                  .refusal_of(configuration, transfer(std::string(20, 'x')), id, turn())
                  .value()
                  .cause,
              "QUOTA_EXCEEDED");
}

TEST_F(AdmissionTest, a_limit_that_is_lowered_holds_what_was_taken_before) {
    attach("connected");
    post("1");
    post("2");
    change_ue([](UeProfile& profile) { profile.rates.apn_downlink = {1, 1h}; });
    acknowledge_last();
    EXPECT_EQ(answers.at(1).delivery.status, "BUFFERING_TEMPORARILY_NOT_REACHABLE");
    EXPECT_EQ(sent(), std::vector<std::string>{"1"});
    run(1h);
    EXPECT_EQ(sent().at(1), "2");
}

TEST_F(AdmissionTest, uplinks_over_the_rate_are_refused_to_the_modem_and_counted) {
    change_ue([](UeProfile& profile) { profile.rates.serving_plmn_uplink = {10, 6min}; });
    attach("connected");
    for (std::uint32_t i = 1; i <= 11; ++i) uplink(i);
    EXPECT_EQ(notifications.size(), 10U);
    EXPECT_EQ(last_of(modem_link::Kind::refused).reason, "rate-exceeded");
    EXPECT_EQ(dut.network().find(ue)->counters.uplinks_over_rate, 1U);
    uplink(11);
    EXPECT_EQ(dut.network().find(ue)->counters.uplinks_over_rate, 1U);
}

TEST_F(AdmissionTest, an_exception_report_passes_an_uplink_rate_that_is_used_up) {
    change_ue([](UeProfile& profile) {
        profile.rates.apn_uplink = {0, 1h};
        profile.rates.apn_exception = Rate{};
    });
    EXPECT_EQ(dut.inject_uplink(ue, {1}, std::nullopt, turn()).error().code, Errc::quota_exceeded);
    EXPECT_TRUE(dut.inject_uplink(ue, {1}, std::nullopt, turn(), /*is_exception=*/true));
}

TEST(SubscribersTest, only_the_scs_ass_of_the_settings_are_authorized) {
    Settings settings;
    settings.configurations.scs_as = {"dm"};
    const Subscribers dut(settings);
    EXPECT_TRUE(dut.is_authorized_scs_as("dm"));
    EXPECT_FALSE(dut.is_authorized_scs_as("other"));
}

}  // namespace
}  // namespace scef::scef_simulator
