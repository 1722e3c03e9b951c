#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

TEST(SameQuestion, D2_two_reads_of_the_same_share_one_frame_and_both_are_answered) {
    Asleep w;
    const auto first = w.server.get("/3/0/0");
    w.advance(70s);
    const auto second = w.server.get("/3/0/0");
    w.advance(70s);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
    ASSERT_EQ(w.server.responses_to(second).size(), 1u);
    EXPECT_EQ(w.server.responses_to(second)[0].payload, to_bytes("23.5"));
    EXPECT_EQ(w.engine().counters().questions_attached, 1u);
    ASSERT_FALSE(w.server.responses_to(first).empty());
}

TEST(SameQuestion, D2_each_who_asks_gets_custody_and_its_own_limit) {
    Asleep w;
    w.server.get("/3/0/0");
    w.advance(100s);
    const auto second = w.server.get("/3/0/0");
    w.advance(1s);
    EXPECT_TRUE(w.server.has_ack(second));
    w.advance(118s);
    EXPECT_TRUE(w.server.responses_to(second).empty());
    w.advance(1s);
    ASSERT_EQ(w.server.responses_to(second).size(), 1u);
    EXPECT_EQ(w.server.responses_to(second)[0].code, coap::codes::gateway_timeout);
}

TEST(SameQuestion, D2_an_attached_one_is_answered_across_a_restart) {
    Asleep w;
    w.server.get("/3/0/0");
    w.advance(60s);
    const auto second = w.server.get("/3/0/0");
    w.advance(5s);
    w.crash_and_restart();
    w.server.send(second);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
    ASSERT_EQ(w.server.responses_to(second).size(), 1u);
    EXPECT_EQ(w.server.responses_to(second)[0].code, coap::codes::content);
}

TEST(SameQuestion, D2_what_is_not_the_same_question_is_a_message_of_its_own) {
    Asleep w;
    w.server.get("/3/0/0");
    w.server.get("/3/0/1");
    w.server.request(coap::codes::get, "/3/0/0",
                     [](auto& m) { m.add_uint(coap::options::accept, 110); });
    w.server.observe("/3/0/0");
    w.server.request(coap::codes::post, "/3/0/4");
    w.server.request(coap::codes::post, "/3/0/4");
    w.settle();
    EXPECT_EQ(w.messages().size(), 6u);
}

TEST(SameQuestion, D2_after_the_slot_was_freed_the_question_is_asked_anew) {
    Awake w;
    w.device.answers = false;
    w.server.get("/3/0/0");
    for (int i = 0; i < 3; ++i) {
        w.advance(21s);
        w.device_wakes_and_sends("x");
    }
    w.device.answers = true;
    const auto again = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.executed(), 2u);
    EXPECT_EQ(w.server.responses_to(again).size(), 1u);
}

TEST(SameQuestion, D2_what_changes_the_device_in_between_makes_it_another_question) {
    Asleep w;
    const auto write = [&](std::string_view value) {
        w.server.request(coap::codes::put, "/1/0/1",
                         [&](coap::Message& m) { m.payload = to_bytes(value); });
    };
    write("1");
    write("2");
    write("1");
    w.settle();
    EXPECT_EQ(w.messages().size(), 3u);
    w.device_wakes_and_sends("awake");
    ASSERT_EQ(w.executed(), 3u);
    EXPECT_EQ(w.device.requests.back().payload, to_bytes("1"));
}

TEST(SameQuestion, D2_another_peer_is_answered_at_its_own_address) {
    Asleep w;
    const auto first = w.server.get("/3/0/0");
    const auto second = w.client.get("/3/0/0");
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.server.responses_to(first).size(), 1u);
    EXPECT_EQ(w.client.responses_to(second).size(), 1u);
}

struct LateAnswer : Asleep {
    LateAnswer() {
        server.get("/3/0/0");
        advance(3min);  // its server was told 5.04 by now
        device_wakes_and_sends("awake");
    }
};

TEST(SameQuestion, D2_a_late_answer_serves_who_asks_again_without_a_frame) {
    LateAnswer w;
    EXPECT_EQ(w.engine().counters().late_results, 1u);
    const auto again = w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.server.responses_to(again).size(), 1u);
    EXPECT_EQ(w.server.responses_to(again)[0].type, coap::Type::acknowledgement);
    EXPECT_EQ(w.server.responses_to(again)[0].payload, to_bytes("23.5"));
    EXPECT_EQ(w.executed(), 1u);
    w.server.send(again);
    w.settle();
    EXPECT_EQ(w.server.received.back().message.payload, to_bytes("23.5"));
}

TEST(SameQuestion, D2_a_late_answer_serves_once_and_survives_a_restart) {
    LateAnswer w;
    w.crash_and_restart();
    const auto again = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.server.responses_to(again).size(), 1u);
    w.server.get("/3/0/0");
    w.advance(1min);
    EXPECT_EQ(w.executed(), 2u);
}

TEST(SameQuestion, D2_a_late_answer_is_worth_nothing_after_a_write) {
    LateAnswer w;
    w.server.request(coap::codes::put, "/3/0/0", [](auto& m) { m.payload = to_bytes("new"); });
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.executed(), 3u);
}

TEST(SameQuestion, D2_a_late_answer_is_forgotten_after_late_answer_max_age) {
    LateAnswer w;
    w.advance(10min);
    EXPECT_EQ(w.known().activity, nullptr);
    w.server.get("/3/0/0");
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 2u);
}

TEST(SameQuestion, D15_the_answer_that_its_server_reset_is_kept_for_the_next_question) {
    Asleep w;
    w.server.resets_responses = true;
    w.server.get("/3/0/0");
    w.advance(10s);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.engine().counters().late_results, 1u);
    const auto again = w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.server.responses_to(again).size(), 1u);
    EXPECT_EQ(w.executed(), 1u);
}

}  // namespace
}  // namespace scef::flow
