#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

using queueing::MessageState;

void queue_ten(World& w) {
    for (int i = 0; i < 10; ++i) w.server.get("/3/0/" + std::to_string(i));
    w.advance(5s);
}

void expect_ten_in_order(World& w) {
    ASSERT_EQ(w.executed(), 10u);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(w.device.requests[i].path_text(), "/3/0/" + std::to_string(i));
    }
    for (const auto& message : w.messages()) EXPECT_EQ(message.state, MessageState::delivered);
}

TEST(Restart, ten_queued_messages_survive_and_arrive_once_and_in_order) {
    World w;
    w.device_sleeps();
    queue_ten(w);
    w.crash_and_restart();
    w.advance(10s);
    w.device_wakes_and_sends("awake");
    w.advance(1min);
    expect_ten_in_order(w);
}

class AtEveryTurn : public testing::TestWithParam<std::tuple<int, World::LastBatch>> {};

TEST_P(AtEveryTurn, a_crash_loses_nothing_and_repeats_nothing) {
    World w;
    w.device_sleeps();
    queue_ten(w);
    const auto [turn, batch] = GetParam();
    w.crash_after_turns(turn, batch);
    w.device_wakes_and_sends("awake");
    for (int i = 0; i < 6; ++i) {
        w.advance(1min);
        w.device_wakes_and_sends("again");
    }
    w.advance(2min);
    expect_ten_in_order(w);
}
INSTANTIATE_TEST_SUITE_P(Restart, AtEveryTurn,
                         testing::Combine(testing::Range(1, 50),
                                          testing::Values(World::LastBatch::kept,
                                                          World::LastBatch::lost)));

TEST(Restart, what_is_open_to_the_server_is_answered_separately) {
    World w;
    w.device_sleeps();
    const auto request = w.server.get("/3/0/0");
    w.settle();
    w.crash_and_restart();
    w.server.send(request);
    w.settle();
    EXPECT_TRUE(w.server.has_ack(request));
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.server.responses_to(request).at(0).type, coap::Type::confirmable);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Restart, D1_copies_are_recognised_across_it_before_and_after_the_answer) {
    World w;
    w.device_wakes_and_sends("awake");
    const auto request = w.server.get("/3/0/0");
    w.settle();
    w.crash_and_restart();
    w.server.send(request);
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.server.received.back().message.payload, to_bytes("23.5"));
}

TEST(Restart, the_servers_own_limit_holds_across_it) {
    World w;
    w.device_sleeps();
    const auto request = w.server.get("/3/0/0");
    w.advance(10s);
    w.crash_and_restart();
    w.advance(110s);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::gateway_timeout);
}

TEST(Restart, a_send_that_the_server_did_not_settle_is_sent_again) {
    World w;
    w.server.is_down = true;
    w.device.data("42");
    w.advance(1s);
    w.crash_and_restart();
    w.server.is_down = false;
    w.advance(5s);
    EXPECT_EQ(w.server.from_device().size(), 1u);
    EXPECT_EQ(w.device.replies.size(), 1u);
}

TEST(Restart, a_used_quota_stays_used) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    w.server.get("/3/0/0");
    w.settle();
    w.crash_and_restart();
    w.server.get("/3/0/1");
    w.advance(59s);
    EXPECT_EQ(w.executed(), 1u);
    w.advance(1s);
    EXPECT_EQ(w.executed(), 2u);
}

TEST(Restart, a_clock_set_back_or_forward_keeps_order_and_ends_nothing_twice) {
    for (const Duration step : {Duration(-2h), Duration(-1s), Duration(2h)}) {
        World w;
        w.device_sleeps();
        queue_ten(w);
        w.set_wall(step);
        w.crash_and_restart();
        w.server.get("/3/0/10");
        w.settle();
        w.device_wakes_and_sends("awake");
        w.advance(3min);
        if (step > Duration{}) {
            EXPECT_EQ(w.executed(), 1u);
            continue;
        }
        ASSERT_EQ(w.executed(), 11u);
        EXPECT_EQ(w.device.requests.back().path_text(), "/3/0/10");
    }
}

TEST(Restart, in_flight_and_not_at_the_scef_is_repeated_only_if_that_does_no_harm) {
    for (const bool harmless : {true, false}) {
        World w;
        w.device_wakes_and_sends("awake");
        w.device.answers = false;
        w.crash_after_turns(1, World::LastBatch::kept);
        w.server.request(harmless ? coap::codes::get : coap::codes::post, "/3/0/4");
        w.advance(10s);
        EXPECT_EQ(w.executed(), harmless ? 1u : 0u);
        EXPECT_EQ(w.only_message().state,
                  harmless ? MessageState::accepted : MessageState::unconfirmed);
    }
}

TEST(Restart, with_a_clock_that_was_set_back_no_id_is_given_twice) {
    World w;
    w.device_wakes_and_sends("hello");
    w.server.get("/3/0/0");
    w.settle();
    w.set_wall(-1h);
    coap::Message request;
    request.code = coap::codes::get;
    const auto before = w.enqueue(coap::serialize(request));
    w.settle();
    w.crash_and_restart();
    const auto after = w.enqueue(coap::serialize(request));
    ASSERT_TRUE(before.result && after.result);
    EXPECT_NE(before.result->message, after.result->message);
}

TEST(Restart, D25_what_is_unconfirmed_is_not_sent_again) {
    auto config = flow_config();
    config.profiles["nb-iot"].max_attempts = 1;
    World w(config);
    w.device_wakes_and_sends("hello");
    const int posts = w.scef.posts;
    w.scef.answers_next_delivery_with({.transport = nidd::T8Answer::Transport::ambiguous});
    w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.only_message().state, queueing::MessageState::unconfirmed);
    w.crash_and_restart();
    w.advance(1min);
    EXPECT_EQ(w.only_message().state, queueing::MessageState::unconfirmed);
    EXPECT_EQ(w.scef.posts, posts + 1);
}

TEST(Restart, D1_a_copy_of_a_request_that_was_answered_separately_is_acknowledged) {
    World w;
    w.device_wakes_and_sends("hello");
    w.device.answers_after = 5s;
    const auto request = w.server.get("/3/0/0");
    w.advance(10s);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    w.crash_and_restart();
    w.server.received.clear();
    w.server.send(request);
    w.settle();
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_EQ(w.server.received.size(), 1u);
}

}  // namespace
}  // namespace scef::flow
