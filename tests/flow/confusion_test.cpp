#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

/// What could be taken for something else: tokens, late statuses, answers that cross.
namespace scef::flow {
namespace {

void as_non(coap::Message& message) { message.type = coap::Type::non_confirmable; }

TEST(Confusion, an_observation_made_by_a_NON_request_is_known_and_goes_to_its_client) {
    Awake w;
    w.client.request(coap::codes::get, "/3303/0/5700", [](coap::Message& m) {
        as_non(m);
        m.add_uint(coap::options::observe, 0);
    });
    w.settle();
    w.advance(200s);  // longer than a late answer is waited for
    w.device.notify(w.device.requests.back().token, 2, "22");
    w.settle();
    EXPECT_EQ(w.client.from_device().size(), 2u) << "the first answer and the notification";
    EXPECT_EQ(w.server.from_device().size(), 1u) << "only what it sent when it woke";
}

TEST(Confusion, U10_an_observation_made_before_the_register_is_answered_stays) {
    Awake w;
    w.server.answers_after = 10s;
    w.device.register_();
    w.settle();
    w.server.observe("/3303/0/5700");
    w.advance(30s);
    EXPECT_EQ(w.known().observations.size(), 1u);
    EXPECT_TRUE(w.known().is_registered());
}

TEST(Confusion, D20_a_token_that_may_still_be_answered_is_not_given_again) {
    Awake w;
    w.device.answers = false;
    const auto first = w.client.request(coap::codes::post, "/3/0/4", as_non);
    w.settle();
    const auto second = w.server.request(coap::codes::post, "/3/0/5", as_non);
    w.settle();
    ASSERT_EQ(first.token, second.token);
    ASSERT_EQ(w.device.requests.size(), 2u);
    EXPECT_NE(w.device.requests[0].token, w.device.requests[1].token);
}

TEST(Confusion,
     a_token_whose_request_ended_unanswered_is_not_given_again_before_a_restart_or_after) {
    Awake w;
    w.device.answers = false;
    w.client.request(coap::codes::get, "/3/0/4",
                     [](coap::Message& m) { m.add_uint(coap::options::ttl_seconds, 30); });
    w.advance(31s);
    ASSERT_EQ(w.only_message().state, queueing::MessageState::unconfirmed);
    w.crash_and_restart();
    w.device_wakes_and_sends("again");
    w.server.get("/3/0/5");
    w.settle();
    ASSERT_EQ(w.device.requests.size(), 2u);
    EXPECT_NE(w.device.requests[0].token, w.device.requests[1].token);
}

TEST(Confusion, D19_a_late_failure_of_the_first_attempt_tells_nothing_of_the_second) {
    auto config = flow_config();
    config.profiles["nb-iot"].device_ack_timeout = 5s;
    World w(config);
    w.device_wakes_and_sends("hello");
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.settle();
    const std::string first = w.scef.transfers().begin()->first;
    w.scef.tell_status(first, "SUCCESS");
    w.settle();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 10s});
    w.advance(w.known().profile->device_ack_timeout);
    const int posts = w.scef.posts;
    w.scef.tell_status(first, "FAILURE");
    w.advance(5s);
    EXPECT_EQ(w.only_message().device_leg, queueing::DeviceLeg::submitting);
    EXPECT_EQ(w.scef.posts, posts);
}

TEST(Confusion, D11_a_request_that_waits_for_its_repetition_is_not_sent_when_it_is_answered) {
    Awake w;
    w.device.answers = false;
    const int posts = w.scef.posts;
    w.scef.answers_next_delivery_with(
        {.transport = nidd::T8Answer::Transport::ambiguous, .takes_it = true});
    w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.only_message().device_leg, queueing::DeviceLeg::queued);
    coap::Message answer;
    answer.code = coap::codes::content;
    answer.message_id = 9000;
    answer.token = w.device.requests.at(0).token;
    w.device.send(answer);
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, posts + 2) << "the request and the ACK of its answer";
}

}  // namespace
}  // namespace scef::flow
