#include "tests/unit/simulators/scef-simulator/network_fixture.h"

namespace scef::scef_simulator {
namespace {

class ConfigurationLife : public ScefFixture {
protected:
    explicit ConfigurationLife(const Settings& given = {}) : ScefFixture(given) {}

    tl::expected<ConfigurationId, Refusal> create(ConfigurationRequest request,
                                                  const std::string& scs_as = "dm") {
        request.configuration.notification_destination = "http://as/cb";
        auto id = dut.create(std::move(request), scs_as, "http://scef/dm/configurations", turn());
        take();
        return id;
    }

    static ConfigurationRequest request() {
        ConfigurationRequest made;
        made.configuration.identity = {Identity::Kind::external_id, ue};
        return made;
    }

    const Configuration& found(const ConfigurationId& id) {
        return *std::as_const(dut.configurations()).find(id);
    }
};

TEST_F(ConfigurationLife, a_withdrawn_authorisation_ends_all_configurations_of_the_ue) {
    create(request());
    create(request(), "other");
    dut.set_authorized(ue, false, turn());
    take();
    EXPECT_EQ(dut.configurations().size(), 0U);
    ASSERT_EQ(notifications.size(), 2U);
    EXPECT_NE(notifications[0].body.find("TERMINATED_UE_NOT_AUTHORIZED"), std::string::npos);
    EXPECT_EQ(create(request()).error().detail, "the subscriber is not authorized for NIDD");
    dut.set_authorized(ue, true, turn());
    EXPECT_TRUE(create(request()));
}

TEST_F(ConfigurationLife, a_group_is_refused_with_the_member_named) {
    ConfigurationRequest group;
    group.configuration.identity = {Identity::Kind::external_group_id, "g@iot.example"};
    const auto refused = create(std::move(group));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 403);
    EXPECT_EQ(refused.error().invalid_params.at(0).param, "/externalGroupId");
}

TEST_F(ConfigurationLife, a_transfer_in_the_configuration_is_sent_once_the_ue_can_hear) {
    ConfigurationRequest with = request();
    with.transfers = {transfer("hello")};
    const ConfigurationId id = create(std::move(with)).value();
    const auto buffered = dut.network().buffered_of(ue, id);
    ASSERT_EQ(buffered.size(), 1U);
    EXPECT_EQ(buffered[0]->status, "BUFFERING");
    EXPECT_TRUE(answers.empty());
    attach("connected");
    EXPECT_EQ(sent(), std::vector<std::string>{"hello"});
    acknowledge_last();
    EXPECT_NE(notifications.at(0).body.find("SUCCESS_NEXT_HOP_ACKNOWLEDGED"), std::string::npos);
}

TEST_F(ConfigurationLife, a_transfer_in_the_configuration_of_a_reachable_ue_is_sending) {
    attach("connected");
    ConfigurationRequest with = request();
    with.transfers = {transfer("hello")};
    const ConfigurationId id = create(std::move(with)).value();
    EXPECT_EQ(dut.network().buffered_of(ue, id).at(0)->status, "SENDING");
    acknowledge_last();
    EXPECT_EQ(notifications.size(), 1U);
}

TEST_F(ConfigurationLife, a_transfer_in_the_configuration_that_may_not_wait_fails_afterwards) {
    ConfigurationRequest with = request();
    with.transfers = {transfer("hello")};
    with.transfers[0].pdn_establishment_option = "INDICATE_ERROR";
    EXPECT_TRUE(create(std::move(with)));
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find("FAILURE_TEMPORARILY_NOT_REACHABLE"), std::string::npos);
}

TEST_F(ConfigurationLife, a_transfer_in_the_configuration_passes_the_same_checks) {
    ConfigurationRequest with = request();
    with.transfers = {transfer(std::string(1'359, 'x'))};
    EXPECT_EQ(create(std::move(with)).error().cause, "DATA_TOO_LARGE");
    EXPECT_EQ(dut.configurations().size(), 0U);
}

TEST_F(ConfigurationLife, ports_of_a_transfer_in_it_are_verified_if_both_sides_have_the_feature) {
    ConfigurationRequest with = request();
    with.configuration.supported_features = "10";
    with.transfers = {transfer("hello")};
    with.transfers[0].rds_port = modem_link::RdsPort{1, 2};
    EXPECT_EQ(create(with).error().cause, "RDS_PORT_UNKNOWN");
    with.configuration.supported_features = "8";
    EXPECT_TRUE(create(std::move(with)));
}

TEST_F(ConfigurationLife, the_features_in_common_are_granted_and_none_if_none_was_offered) {
    ConfigurationRequest offer = request();
    offer.configuration.supported_features = "FF";
    EXPECT_EQ(found(create(std::move(offer)).value()).supported_features, "9c");
    EXPECT_EQ(found(create(request()).value()).supported_features, "");
}

TEST_F(ConfigurationLife, uplinks_with_ports_go_to_the_configuration_that_has_them) {
    ConfigurationRequest first = request();
    first.configuration.rds_ports = {{1, 2}};
    const ConfigurationId with_port = create(std::move(first)).value();
    const ConfigurationId young = create(request()).value();
    EXPECT_TRUE(dut.inject_uplink(ue, {1}, modem_link::RdsPort{1, 2}, turn()));
    EXPECT_TRUE(dut.inject_uplink(ue, {1}, modem_link::RdsPort{3, 4}, turn()));
    take();
    EXPECT_NE(notifications.at(0).body.find(with_port), std::string::npos);
    EXPECT_NE(notifications.at(1).body.find(young), std::string::npos);
}

TEST_F(ConfigurationLife, an_unknown_port_of_an_uplink_is_told_if_verification_was_negotiated) {
    ConfigurationRequest verified = request();
    verified.configuration.rds_ports = {{1, 2}};
    verified.configuration.supported_features = "10";
    create(std::move(verified));
    EXPECT_FALSE(dut.inject_uplink(ue, {1}, modem_link::RdsPort{3, 4}, turn()));
    take();
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_NE(notifications[0].body.find(R"("status":"RDS_PORT_UNKNOWN")"), std::string::npos);
    EXPECT_NE(notifications[0].body.find(R"("portUE":3)"), std::string::npos);
}

class StrictRules : public ConfigurationLife {
protected:
    StrictRules() : ConfigurationLife(strict_rules()) {}

    static Settings strict_rules() {
        Settings given;
        given.configurations.duration_max = 1h;
        given.configurations.duplicates_refused = true;
        given.configurations.enforce_features = true;
        return given;
    }
};

TEST_F(StrictRules, the_scef_grants_no_longer_duration_than_its_own) {
    ConfigurationRequest asked = request();
    asked.configuration.duration = turn().wall + 2h;
    const ConfigurationId id = create(std::move(asked)).value();
    EXPECT_EQ(found(id).duration, turn().wall + 1h);
    ConfigurationPatch endless;
    endless.changes_duration = true;
    run(30min);
    dut.patch(*dut.configurations().find("dm", id), endless, turn());
    EXPECT_EQ(found(id).duration, turn().wall + 1h);
    endless.duration = turn().wall + 1min;
    dut.patch(*dut.configurations().find("dm", id), endless, turn());
    EXPECT_EQ(found(id).duration, turn().wall + 1min);
}

TEST_F(StrictRules, a_configuration_without_duration_gets_the_longest) {
    const ConfigurationId id = create(request()).value();
    EXPECT_EQ(found(id).duration, turn().wall + 1h);
    run(1h);
    EXPECT_EQ(dut.configurations().size(), 0U);
}

TEST_F(StrictRules, a_second_configuration_of_the_same_scs_as_and_ue_is_refused) {
    EXPECT_TRUE(create(request()));
    EXPECT_TRUE(create(request(), "other"));
    EXPECT_EQ(create(request()).error().status, 403);
}

TEST_F(StrictRules, a_test_notification_needs_its_feature) {
    ConfigurationRequest asked = request();
    asked.configuration.test_notification_requested = true;
    EXPECT_TRUE(create(asked, "a"));
    EXPECT_TRUE(notifications.empty());
    asked.configuration.supported_features = "4";
    const ConfigurationId id = create(asked, "b").value();
    ASSERT_EQ(notifications.size(), 1U);
    EXPECT_EQ(notifications[0].kind, Notification::Kind::test);
    EXPECT_NE(notifications[0].body.find(id), std::string::npos);
}

TEST_F(StrictRules, what_was_not_negotiated_is_named_in_the_refusal) {
    const ConfigurationId id = create(request()).value();
    const auto refusal = dut.admission().refusal_of(found(id), Feature::patch_update);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->detail, "the feature PatchUpdate was not negotiated");
}

}  // namespace
}  // namespace scef::scef_simulator
