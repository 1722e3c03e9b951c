#include "tests/flow/reachable.h"

/// What a configuration status notification does (docs/t8-outcomes.md). A device that lost its
/// authorization has its tests in configuration_test.cpp, RDS ports theirs in rds_test.cpp.
namespace scef::flow {
namespace {

using adapter::NiddLink;
using queueing::DeviceLeg;
using queueing::MessageState;
using Operation = nidd::T8Request::Operation;

/// The SCEF answers the next creations of a configuration so.
void refuse(World& w, int status, int times = 1) {
    for (int i = 0; i < times; ++i) {
        w.scef.answers_next(Operation::create_configuration, http(status));
    }
}

void tell(World& w, const std::string& status, const std::string& configuration = "c1") {
    nidd::NiddConfigurationStatusNotification body;
    body.nidd_configuration = "/3gpp-nidd/v1/dm/configurations/" + configuration;
    body.external_id = w.device.external_id();
    body.status = status;
    w.deliver(adapter::ScefNotification{1, {w.known().nidd.capability, body}});
    w.settle();
}

TEST(ConfigurationStatuses, nidd_active_a_pending_configuration_is_tried_at_once) {
    Reachable w;
    refuse(w, 500, 2);
    w.scef.tell_configuration("TERMINATED");
    w.advance(1s);  // the second creation, too
    ASSERT_EQ(w.known().nidd.status, NiddLink::Status::terminated);
    const auto request = w.read();
    tell(w, "ACTIVE");
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(ConfigurationStatuses, nidd_active_a_refused_configuration_is_tried_at_once) {
    World w;
    refuse(w, 403);
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    ASSERT_EQ(w.known().nidd.status, NiddLink::Status::refused);
    tell(w, "ACTIVE");
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(ConfigurationStatuses, nidd_active_of_an_active_one_changes_nothing) {
    World w;
    tell(w, "ACTIVE");
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.scef.creations, 1);
}

TEST(ConfigurationStatuses, nidd_terminated_it_is_made_anew_and_then_after_30_s) {
    Reachable w;
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.scef.creations, 2);
    w.scef.tell_configuration("TERMINATED");
    const auto request = w.read();
    w.advance(30s - 1ns);
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.only_message().reason, queueing::Reason::configuration);
    w.advance(1ns);
    EXPECT_EQ(w.scef.creations, 3);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(ConfigurationStatuses, nidd_terminated_told_twice_the_new_one_stays) {
    World w;
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    tell(w, "TERMINATED", "c1");
    EXPECT_EQ(w.scef.verdicts.back(), 404) << "it is not of this one any more";
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(ConfigurationStatuses, nidd_terminated_what_the_scef_held_is_gone_and_not_repeated_blindly) {
    Reachable w;
    w.device_sleeps();
    w.execute();
    w.settle();
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
    w.scef.connected[w.device.external_id()] = true;
    w.advance(25h);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
}

TEST(ConfigurationStatuses, nidd_not_authorized_the_device_is_parked_and_an_alarm_is_raised) {
    Reachable w;
    w.scef.tell_configuration("TERMINATED_UE_NOT_AUTHORIZED");
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::not_authorized);
    EXPECT_EQ(w.log_lines().back().id, "CONFIGURATION_NOT_AUTHORIZED");
    const auto request = w.read();
    w.advance(48h);
    EXPECT_EQ(w.heard(request), coap::codes::bad_gateway);
    EXPECT_EQ(w.scef.creations, 1);
    EXPECT_EQ(w.scef.posts, 0);
}

TEST(ConfigurationStatuses, nidd_port_unknown_the_ports_are_told_once_more_after_30_s) {
    auto config = always_reachable();
    config.lwm2m_servers[0].rds = adapter::RdsConfig{{1, 2}, ""};
    Reachable w(config);
    tell(w, "RDS_PORT_UNKNOWN");
    EXPECT_EQ(w.log_lines().back().id, "RDS_PORTS_REFUSED");
    w.advance(30s - 1ns);
    EXPECT_EQ(w.scef.renewals, 0);
    w.advance(1ns);
    EXPECT_EQ(w.scef.renewals, 1);
}

TEST(ConfigurationStatuses, nidd_unknown_it_is_taken_and_changes_nothing) {
    World w;
    tell(w, "SLEEPING_PIGEON");
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
    EXPECT_EQ(w.scef.creations, 1);
}

}  // namespace
}  // namespace scef::flow
