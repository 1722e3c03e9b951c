#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

using adapter::NiddLink;

TEST(Configuration, a_refused_one_refuses_requests_and_is_tried_again) {
    World w;
    ModelDevice other(w, "other@sim.example");
    w.scef.refuses_configurations = true;
    w.add_device(other);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::refused);
    w.server.endpoint = 2;
    const auto request = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.server.responses_to(request).at(0).code, coap::codes::bad_gateway);
    w.scef.refuses_configurations = false;
    w.advance(10min);
    EXPECT_EQ(w.engine().find_device(1)->nidd.status, NiddLink::Status::active);
}

TEST(Configuration, after_termination_it_is_made_anew_and_messages_wait) {
    World w;
    w.scef.refuses_configurations = false;
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(Configuration, a_device_that_lost_its_authorization_is_parked_until_someone_says) {
    World w;
    w.scef.tell_configuration("TERMINATED_UE_NOT_AUTHORIZED");
    w.settle();
    const auto request = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.server.responses_to(request).at(0).code, coap::codes::bad_gateway);
    w.advance(48h);
    EXPECT_EQ(w.scef.creations, 1);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::not_authorized);
    w.crash_and_restart();
    EXPECT_EQ(w.scef.creations, 1);
    w.command(adapter::PauseDevice{0, w.id(), false});
    w.settle();
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(Configuration, T8_active_after_a_lost_authorization_makes_it_anew) {
    World w;
    w.scef.tell_configuration("TERMINATED_UE_NOT_AUTHORIZED");
    w.settle();
    nidd::NiddConfigurationStatusNotification active;
    active.nidd_configuration = "/3gpp-nidd/v1/dm/configurations/c1";
    active.external_id = w.device.external_id();
    active.status = "ACTIVE";
    w.deliver(adapter::ScefNotification{1, {w.known().nidd.capability, active}});
    w.settle();
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(Configuration, it_is_renewed_before_it_expires) {
    World w;
    w.advance(26 * 24h);
    EXPECT_EQ(w.scef.renewals, 0);
    w.advance(2 * 24h);
    EXPECT_EQ(w.scef.renewals, 1);
    w.advance(28 * 24h);
    EXPECT_EQ(w.scef.renewals, 2);
}

TEST(Configuration, a_scef_that_grants_little_time_is_not_asked_all_the_time) {
    World w;
    w.scef.grants = 1h;
    w.scef.tell_configuration("TERMINATED");
    w.advance(24h);
    EXPECT_GE(w.scef.renewals, 24);
    EXPECT_LE(w.scef.renewals, 30);
}

TEST(Configuration, a_renewal_that_finds_it_gone_makes_it_anew) {
    World w;
    w.advance(26 * 24h);
    w.scef.forget_configurations();
    w.advance(3 * 24h);
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.known().nidd.status, NiddLink::Status::active);
}

TEST(Configuration, what_the_scef_held_is_sent_again_after_it_was_lost) {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    w.device_sleeps();
    const auto request = w.server.get("/3/0/0");
    w.settle();
    w.scef.tell_configuration("TERMINATED");
    w.settle();
    w.device_wakes();
    w.advance(1min);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
}

TEST(Configuration, many_devices_share_four_calls_also_after_a_restart) {
    World w;
    std::vector<std::unique_ptr<ModelDevice>> fleet;
    w.scef.refuses_configurations = true;
    for (int i = 0; i < 40; ++i) {
        fleet.push_back(std::make_unique<ModelDevice>(w, "d" + std::to_string(i) + "@sim.example"));
        w.add_device(*fleet.back());
    }
    w.scef.refuses_configurations = false;
    w.crash_and_restart();
    w.settle();
    EXPECT_EQ(w.scef.configurations(), 41u);
    EXPECT_EQ(w.engine().gauges(w.wall()).scefs[0].devices.configurations[1], 41u);
}

TEST(Configuration, the_one_of_a_device_removed_meanwhile_is_deleted) {
    World w;
    ModelDevice other(w, "other@sim.example");
    w.scef.attach(other);
    adapter::DeviceSpec spec;
    spec.external_id = *ExternalId::parse("other@sim.example");
    w.command(adapter::ProvisionDevice{0, spec, false});
    w.command(adapter::RemoveDevice{0, spec.external_id});
    w.settle();
    EXPECT_EQ(w.scef.configurations(), 1u);
    w.add_device(other);
    EXPECT_EQ(w.scef.configurations(), 2u);
}

}  // namespace
}  // namespace scef::flow
