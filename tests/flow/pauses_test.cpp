#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// How long each pause is, whom it holds, and what ends it (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using queueing::Reason;

/// A world with a second device of the same SCEF.
struct Two : Reachable {
    Two() { add_device(other); }
    coap::Message ask_other() {
        server.endpoint = 2;
        auto request = read();
        server.endpoint = 0;
        settle();
        return request;
    }
    ModelDevice other{*this, "other@sim.example"};
};

/// When the POSTs of a message leave that are answered so, as pauses between them.
std::vector<Duration> pauses(Reachable& w, const ModelScef::Fault& fault, int count) {
    for (int i = 0; i < count; ++i) w.scef.answers_next_delivery_with(fault);
    w.execute();
    w.settle();
    std::vector<Duration> found;
    for (int posts = w.scef.posts; posts <= count; ++posts) {
        const Instant before = w.now();
        while (w.scef.posts == posts) w.advance(100ms);
        found.push_back(w.now() - before);
    }
    return found;
}

void expect_between(const std::vector<Duration>& found, const std::vector<Duration>& least,
                    double spread) {
    ASSERT_EQ(found.size(), least.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_GE(found[i], least[i] - 100ms) << i;
        EXPECT_LE(found[i], std::chrono::duration_cast<Duration>(least[i] * (1 + spread)) + 200ms)
            << i;
    }
}

TEST(Pauses, pause_device_throttled_5_s_doubling) {
    Reachable w;
    expect_between(pauses(w, says(429), 4), {5s, 10s, 20s, 40s}, 0.1);
}

TEST(Pauses, pause_device_throttled_the_others_go_on) {
    Two w;
    w.scef.answers_next_delivery_with(says(429));
    w.execute();
    w.settle();
    EXPECT_EQ(w.heard(w.ask_other()), coap::codes::content);
    EXPECT_EQ(w.executed(), 0u);
}

TEST(Pauses, pause_scef_throttled_after_the_fifth_time_in_a_row_the_others_wait_too) {
    Two w;
    for (int i = 0; i < 5; ++i) w.scef.answers_next_delivery_with(says(429));
    w.execute();
    w.advance(80s);  // 5 + 10 + 20 + 40, and up to a tenth
    w.advance(5s);
    ASSERT_EQ(w.scef.posts, 5);
    const auto request = w.ask_other();
    EXPECT_EQ(w.heard(request), coap::Code{});
    w.advance(90s);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(Pauses, pause_scef_throttled_a_success_between_ends_the_count) {
    Two w;
    for (int i = 0; i < 4; ++i) w.scef.answers_next_delivery_with(says(429));
    w.execute();
    w.advance(85s);
    ASSERT_EQ(w.scef.posts, 5);
    w.scef.answers_next_delivery_with(says(429));
    w.execute();
    w.settle();
    EXPECT_EQ(w.heard(w.ask_other()), coap::codes::content);
}

TEST(Pauses, pause_scef_unreachable_1_s_doubling_and_all_wait) {
    Two w;
    const ModelScef::Fault refused{.transport = nidd::T8Answer::Transport::not_sent};
    w.scef.answers_next_delivery_with(refused);
    w.execute();
    w.settle();
    const auto request = w.ask_other();
    EXPECT_EQ(w.heard(request), coap::Code{});
    w.advance(1s);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    Reachable alone;
    expect_between(pauses(alone, refused, 5), {500ms, 1s, 2s, 4s, 8s}, 1.0);
}

TEST(Pauses, pause_not_authorized_a_minute_and_all_wait) {
    Two w;
    w.scef.answers_next_delivery_with(says(401));
    w.execute();
    w.settle();
    const auto request = w.ask_other();
    w.advance(60s - 1ns);
    EXPECT_EQ(w.heard(request), coap::Code{});
    w.advance(1ns);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(Pauses, pause_attempt_failed_2_s_doubling_to_300_s) {
    Reachable w;
    const auto failure = says(500, R"({"problemDetail":{}})");
    expect_between(pauses(w, failure, 9), {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 150s}, 1.0);
}

TEST(Pauses, pause_attempt_failed_an_uplink_ends_it) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 10min});
    const auto request = w.execute();
    w.advance(5s);
    w.device.data("1");
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

}  // namespace
}  // namespace scef::flow
