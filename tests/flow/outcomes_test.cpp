#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::Reason;
using Fault = ModelScef::Fault;
using Transport = nidd::T8Answer::Transport;

/// A world whose device is always reachable, so that only the SCEF decides.
struct Reachable : World {
    static adapter::Config config() {
        auto config = flow_config();
        config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
        return config;
    }
    Reachable() : World(config()) {}
    coap::Message execute() { return server.request(coap::codes::post, "/3/0/4"); }
};

TEST(T8Outcomes, a_201_is_buffered_until_the_status_says_success) {
    Reachable w;
    w.device_sleeps();
    const auto request = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, queueing::DeviceLeg::net_buffered);
    w.advance(30s);
    EXPECT_EQ(w.scef.posts, 1);
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(T8Outcomes, D25_a_201_that_nobody_can_follow_is_adopted_from_the_list) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .without_location = true});
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, queueing::DeviceLeg::net_buffered);
    EXPECT_EQ(w.scef.posts, 1);
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(T8Outcomes, D25_an_ambiguous_read_that_the_scef_does_not_hold_is_repeated) {
    Reachable w;
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous});
    const auto request = w.server.get("/3/0/0");
    w.advance(5s);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.scef.posted[0].data, w.scef.posted[1].data);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
}

TEST(T8Outcomes, D25_an_ambiguous_execute_is_never_repeated_but_a_late_answer_settles_it) {
    Reachable w;
    w.device.answers_after = 30s;
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous, .takes_it = true});
    const auto request = w.execute();
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(60s);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(T8Outcomes, D25_an_ambiguous_execute_without_answer_ends_unconfirmed) {
    Reachable w;
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous});
    w.execute();
    w.advance(10s);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    w.advance(25h);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.only_message().reason, Reason::unknown_outcome);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST(T8Outcomes, a_scef_that_always_answers_502_is_not_hammered) {
    Reachable w;
    for (int i = 0; i < 40; ++i) w.scef.answers_next_delivery_with({.status = 502});
    w.server.get("/3/0/0");
    w.advance(25h);
    EXPECT_EQ(w.scef.posts, 10);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
}

TEST(T8Outcomes, a_list_that_cannot_be_read_is_asked_for_again) {
    Reachable w;
    w.scef.list_fails = true;
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous});
    w.server.get("/3/0/0");
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, 1);
    w.scef.list_fails = false;
    w.advance(10s);
    EXPECT_EQ(w.executed(), 1u);
}

class Throttled : public testing::TestWithParam<Fault> {};

TEST_P(Throttled, a_throttled_delivery_waits_and_is_no_attempt) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam());
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.only_message().reason, Reason::throttled);
    EXPECT_EQ(w.only_message().attempts, 0u);
    w.advance(40s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.scef.posts, 2);
}
INSTANTIATE_TEST_SUITE_P(T8Outcomes, Throttled,
                         testing::Values(Fault{.status = 403, .cause = "QUOTA_EXCEEDED"},
                                         Fault{.status = 403, .cause = "RATE_EXCEEDED"},
                                         Fault{.status = 429, .retry_after = 30s},
                                         Fault{.status = 503}));

TEST(T8Outcomes, retry_after_is_honoured) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 429, .retry_after = 30s});
    w.server.get("/3/0/0");
    w.advance(30s - 1ns);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(4s);
    EXPECT_EQ(w.scef.posts, 2);
}

TEST(T8Outcomes, a_frame_that_the_scef_finds_too_large_is_4_13_and_its_size_is_learned) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 403, .cause = "DATA_TOO_LARGE"});
    const auto request = w.server.request(coap::codes::put, "/5/0/0",
                                          [](coap::Message& m) { m.payload = Bytes(1000, 1); });
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::request_entity_too_large);
    EXPECT_EQ(w.only_message().reason, Reason::too_large);
    EXPECT_LT(w.known().frame_octets_max(), 1020u);
}

TEST(T8Outcomes, a_refused_frame_is_5_02_and_failed) {
    for (const int status : {400, 411, 415}) {
        Reachable w;
        w.scef.answers_next_delivery_with({.status = status});
        const auto request = w.server.get("/3/0/0");
        w.settle();
        ASSERT_EQ(w.server.responses_to(request).size(), 1u);
        EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::bad_gateway);
        EXPECT_EQ(w.only_message().state, MessageState::failed);
    }
}

TEST(T8Outcomes, not_authorized_parks_the_scef_and_raises_an_alarm) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 401});
    w.server.get("/3/0/0");
    w.advance(30s);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.log_lines().back().id, "SCEF_NOT_AUTHORIZED");
    w.advance(31s);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(T8Outcomes, a_404_recreates_the_configuration_and_sends_again) {
    Reachable w;
    w.scef.forget_configurations();
    const auto request = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
}

TEST(T8Outcomes, a_500_with_a_retransmission_time_waits_for_it) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 10min});
    w.server.get("/3/0/0");
    w.advance(10min - 1s);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(T8Outcomes, D18_an_uplink_ends_the_wait_for_a_retry) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 30min});
    w.server.get("/3/0/0");
    w.advance(1min);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
}

TEST(T8Outcomes, all_attempts_failed_is_dead_and_the_server_is_told) {
    auto config = Reachable::config();
    config.profiles["nb-iot"].max_attempts = 3;
    config.lwm2m_servers[0].separate_response_limit = 1h;
    World w(config);
    for (int i = 0; i < 3; ++i) {
        w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 10s});
    }
    const auto request = w.server.get("/3/0/0");
    w.advance(60s);
    EXPECT_EQ(w.only_message().state, MessageState::dead);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::gateway_timeout);
}

TEST(T8Outcomes, a_refused_connection_backs_off_and_is_no_attempt) {
    Reachable w;
    for (int i = 0; i < 5; ++i)
        w.scef.answers_next_delivery_with({.transport = Transport::not_sent});
    w.server.get("/3/0/0");
    w.advance(2min);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().attempts, 1u);
}

TEST(T8Outcomes, failure_statuses_of_a_buffered_message_end_or_repeat_it) {
    Reachable w;
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.settle();
    w.scef.tell_status(w.scef.transfers().begin()->first, "FAILURE_TEMPORARILY_NOT_REACHABLE");
    w.advance(5s);
    EXPECT_EQ(w.scef.posts, 2);
    w.scef.tell_status(w.scef.transfers().begin()->first, "SOMETHING_NEW");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, queueing::DeviceLeg::net_buffered);
    w.scef.tell_status(w.only_message().transfer_id, "FAILURE_TIMEOUT");
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

TEST(T8Outcomes, a_status_before_the_answer_to_its_post_is_kept) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 2s});
    const auto request = w.server.get("/3/0/0");
    w.settle();
    w.device.answers = false;
    w.scef.tell_status(w.scef.transfers().begin()->first, "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    w.advance(3s);
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.only_message().device_leg, queueing::DeviceLeg::awaiting_answer);
}

TEST(T8Outcomes, a_status_of_an_unknown_transfer_is_404) {
    Reachable w;
    w.scef.tell_status("t999", "SUCCESS");
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 404);
}

TEST(T8Outcomes, D24_an_answer_before_the_posts_answer_completes_the_exchange) {
    Reachable w;
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 5s});
    const auto request = w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    w.advance(10s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(T8Outcomes, D24_the_copy_of_an_answered_message_is_deleted_at_the_scef) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 5s});
    w.server.get("/3/0/0");
    w.settle();
    w.device.receive(w.scef.posted.back().data);  // it came all the same
    w.advance(10s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_TRUE(w.scef.transfers().empty());
}

TEST(T8Outcomes, D17_a_buffered_message_is_withdrawn_at_its_ttl) {
    Reachable w;
    w.device_sleeps();
    const auto request = w.server.request(coap::codes::get, "/3/0/0", [](coap::Message& m) {
        m.add_uint(coap::options::ttl_seconds, 60);
    });
    w.advance(61s);
    EXPECT_TRUE(w.scef.transfers().empty());
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_EQ(w.server.responses_to(request).at(0).code, coap::codes::gateway_timeout);
}

TEST(T8Outcomes, D17_a_withdrawal_that_comes_too_late_leaves_room_for_a_late_answer) {
    Reachable w;
    w.device_sleeps();
    w.server.request(coap::codes::get, "/3/0/0",
                     [](coap::Message& m) { m.add_uint(coap::options::ttl_seconds, 60); });
    w.settle();
    w.scef.delete_is_too_late = true;
    w.advance(61s);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    w.device.receive(w.scef.posted.back().data);
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.engine().counters().late_results, 1u);
}

TEST(T8Outcomes, D17_a_post_that_fails_after_the_ttl_ends_expired) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 503, .delay = 10s});
    w.server.request(coap::codes::get, "/3/0/0",
                     [](coap::Message& m) { m.add_uint(coap::options::ttl_seconds, 5); });
    w.advance(11s);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    w.advance(1min);
    EXPECT_EQ(w.scef.posts, 1);
}

}  // namespace
}  // namespace scef::flow
