#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

using adapter::CommandDone;
using queueing::MessageState;
using queueing::Reason;

Bytes read_frame() {
    coap::Message message;
    message.code = coap::codes::get;
    message.add_text(coap::options::uri_path, "3");
    message.add_text(coap::options::uri_path, "0");
    return coap::serialize(message);
}

adapter::Config always_reachable() {
    auto config = flow_config();
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    return config;
}

TEST(Operator, a_message_of_the_api_ends_at_level_coap_with_its_response) {
    World w(always_reachable());
    EXPECT_EQ(w.enqueue(read_frame()).result->kind, CommandDone::Kind::created);
    w.settle();
    const auto message = w.only_message();
    EXPECT_EQ(message.state, MessageState::delivered);
    EXPECT_EQ(message.level, queueing::DeliveryLevel::coap);
    EXPECT_EQ(message.response_code, coap::codes::content);
    EXPECT_EQ(message.response_payload, to_bytes("23.5"));
    EXPECT_TRUE(w.server.received.empty());
}

TEST(Operator, an_idempotency_key_makes_one_message_also_after_a_restart) {
    World w;
    const auto keyed = [](adapter::EnqueueMessage& m) { m.idempotency_key = "k"; };
    const auto first = w.enqueue(read_frame(), keyed);
    EXPECT_EQ(w.enqueue(read_frame(), keyed).result->message, first.result->message);
    w.crash_and_restart();
    EXPECT_EQ(w.enqueue(read_frame(), keyed).result->message, first.result->message);
    const auto other = w.enqueue(read_frame(), [&](adapter::EnqueueMessage& m) {
        keyed(m);
        m.ttl = 7s;
    });
    EXPECT_EQ(other.result.error().code, Errc::key_reused);
    w.advance(24h + 1s);
    EXPECT_NE(w.enqueue(read_frame(), keyed).result->message, first.result->message);
}

TEST(Operator, send_now_needs_no_window_also_after_a_restart) {
    World w;
    w.command(adapter::PauseDevice{0, w.id(), true});
    w.enqueue(read_frame(), [](adapter::EnqueueMessage& m) { m.send_now = true; });
    w.crash_and_restart();
    w.command(adapter::PauseDevice{0, w.id(), false});
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Operator, not_before_is_respected) {
    World w(always_reachable());
    w.enqueue(read_frame(), [&](adapter::EnqueueMessage& m) { m.not_before = w.wall() + 10min; });
    w.advance(10min - 1s);
    EXPECT_EQ(w.only_message().reason, Reason::not_before);
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Operator, a_higher_priority_goes_first) {
    World w;
    w.server.get("/3/0/0");
    w.settle();
    w.enqueue(read_frame(),
              [](adapter::EnqueueMessage& m) { m.priority = queueing::Priority::high; });
    w.device_wakes_and_sends("awake");
    ASSERT_EQ(w.executed(), 2u);
    EXPECT_EQ(w.device.requests[0].path_text(), "/3/0");
}

TEST(Operator, pause_holds_all_and_resume_lets_go) {
    World w(always_reachable());
    w.command(adapter::PauseDevice{0, w.id(), true});
    w.server.get("/3/0/0");
    w.advance(1min);
    EXPECT_EQ(w.only_message().reason, Reason::paused);
    EXPECT_EQ(w.scef.posts, 0);
    w.command(adapter::PauseDevice{0, w.id(), false});
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Operator, a_waiting_message_can_be_canceled_and_its_server_is_told) {
    World w;
    const auto request = w.server.get("/3/0/0");
    w.advance(2s);
    w.command(adapter::CancelMessage{0, w.only_message().id});
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::canceled);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    const auto again = w.command(adapter::CancelMessage{0, w.messages()[0].id});
    EXPECT_EQ(again.result.error().code, Errc::not_found);
}

TEST(Operator, a_buffered_message_is_canceled_at_the_scef_also_across_a_restart) {
    World w(always_reachable());
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.settle();
    w.crash_after_turns(1, World::LastBatch::kept);
    w.command(adapter::CancelMessage{0, w.only_message().id});
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::canceled);
    EXPECT_EQ(w.only_message().reason, Reason::canceled);
    EXPECT_TRUE(w.scef.transfers().empty());
}

TEST(Operator, a_canceled_message_that_is_gone_from_the_scef_is_not_sent_again) {
    World w(always_reachable());
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.settle();
    w.command(adapter::CancelMessage{0, w.only_message().id});
    w.crash_and_restart();  // the SCEF deletes it, and nobody hears of that
    w.advance(2h);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
}

TEST(Operator, a_cancel_that_is_too_late_changes_nothing) {
    World w(always_reachable());
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.settle();
    w.scef.delete_is_too_late = true;
    w.command(adapter::CancelMessage{0, w.only_message().id});
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::accepted);
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(Operator, what_is_on_its_way_cannot_be_canceled) {
    World w(always_reachable());
    w.device.answers = false;
    w.server.get("/3/0/0");
    w.settle();
    const auto reply = w.command(adapter::CancelMessage{0, w.only_message().id});
    EXPECT_EQ(reply.result.error().code, Errc::conflict);
}

TEST(Operator, purge_ends_what_waits_and_counts_it) {
    World w;
    for (int i = 0; i < 5; ++i) w.server.get("/3/0/" + std::to_string(i));
    w.advance(2s);
    EXPECT_EQ(w.command(adapter::PurgeMessages{0, w.id()}).result->affected, 5u);
    w.advance(100s);
    EXPECT_EQ(w.engine().gauges(w.wall()).messages_open, 0u);
}

TEST(Operator, a_removed_device_leaves_nothing_behind) {
    World w(always_reachable());
    w.device.answers = false;
    w.server.get("/3/0/0");
    w.server.get("/3/0/1");
    w.advance(2s);
    w.device.data("1");
    w.command(adapter::RemoveDevice{0, w.id()});
    w.advance(1h);
    EXPECT_EQ(w.engine().gauges(w.wall()).messages_open, 0u);
    EXPECT_EQ(w.engine().gauges(w.wall()).uplinks_open, 0u);
    EXPECT_EQ(w.scef.configurations(), 0u);
    w.crash_and_restart();
    EXPECT_EQ(w.engine().find_device(w.id()), nullptr);
}

TEST(Operator, provisioning_is_idempotent_and_replace_takes_new_values) {
    World w;
    adapter::DeviceSpec spec;
    spec.external_id = w.id();
    EXPECT_EQ(w.command(adapter::ProvisionDevice{0, spec}).result->kind,
              CommandDone::Kind::unchanged);
    spec.profile = "always-on";
    EXPECT_EQ(w.command(adapter::ProvisionDevice{0, spec}).result.error().code, Errc::conflict);
    EXPECT_EQ(w.command(adapter::ProvisionDevice{0, spec, true}).result->kind,
              CommandDone::Kind::updated);
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    spec.server = "nowhere";
    EXPECT_EQ(w.command(adapter::ProvisionDevice{0, spec, true}).result.error().code,
              Errc::invalid_argument);
}

TEST(Operator, timers_of_finished_messages_do_not_pile_up) {
    World w(always_reachable());
    for (int i = 0; i < 3000; ++i) {
        w.server.get("/3/0/0");
        w.advance(10ms);
    }
    EXPECT_EQ(w.executed(), 3000u);
}

/// Whoever provisions a device anew does not know what it still has to say.
TEST(Operator, a_device_that_is_added_again_is_asked_under_other_tokens_than_in_its_former_life) {
    World w;
    w.device.answers = false;
    w.device_wakes_and_sends("x");
    const auto former = w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.device.requests.size(), 1u);
    w.command(adapter::RemoveDevice{0, w.id()});
    w.command(adapter::ProvisionDevice{0, {.external_id = w.id()}, false});
    w.settle();
    w.device_wakes_and_sends("x");
    w.server.endpoint = w.known().endpoints.front().index;
    auto again = former;
    again.message_id++;
    w.server.send(again);
    w.settle();
    ASSERT_EQ(w.device.requests.size(), 2u);
    EXPECT_NE(w.device.requests[1].token, w.device.requests[0].token);
}

}  // namespace
}  // namespace scef::flow
