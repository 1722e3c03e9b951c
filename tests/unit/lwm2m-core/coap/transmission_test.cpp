#include "lwm2m-core/coap/transmission.h"

#include <gtest/gtest.h>

namespace scef::coap {
namespace {

using namespace std::chrono_literals;

struct RetransmissionTest : testing::Test {
    Instant start{1h};
    SeededRandom random{42};
    Turn turn{start, WallTime{}, random};
    TransmissionParameters parameters;
};

TEST_F(RetransmissionTest, the_first_copy_is_due_after_two_to_three_seconds) {
    bool varies = false;
    const Instant first = Retransmission(parameters, turn).due();
    for (int i = 0; i < 100; ++i) {
        const Instant due = Retransmission(parameters, turn).due();
        EXPECT_GE(due, start + 2s);
        EXPECT_LE(due, start + 3s);
        varies = varies || due != first;
    }
    EXPECT_TRUE(varies);
}

TEST_F(RetransmissionTest, four_copies_at_doubling_distance_then_it_gives_up) {
    parameters.ack_random_factor = 1.0;
    Retransmission dut(parameters, turn);
    for (const auto after : {2s, 6s, 14s, 30s}) {
        EXPECT_EQ(dut.due(), start + after);
        EXPECT_TRUE(dut.advance(parameters, dut.due()));
    }
    EXPECT_EQ(dut.due(), start + 62s);
    EXPECT_FALSE(dut.advance(parameters, dut.due()));
    EXPECT_EQ(dut.due(), never);
}

TEST_F(RetransmissionTest, gives_up_within_the_wait_of_the_standard) {
    Retransmission dut(parameters, turn);
    Instant last = dut.due();
    while (dut.advance(parameters, last)) last = dut.due();
    EXPECT_LE(last, start + max_transmit_wait);
}

TEST_F(RetransmissionTest, counts_from_the_moment_of_sending_if_it_was_called_late) {
    parameters.ack_random_factor = 1.0;
    Retransmission dut(parameters, turn);
    EXPECT_TRUE(dut.advance(parameters, start + 10s));
    EXPECT_EQ(dut.due(), start + 14s);
}

TEST_F(RetransmissionTest, without_copies_allowed_it_gives_up_at_the_first) {
    parameters.max_retransmit = 0;
    Retransmission dut(parameters, turn);
    EXPECT_FALSE(dut.advance(parameters, dut.due()));
}

TEST_F(RetransmissionTest, many_copies_of_a_long_timeout_do_not_overflow_the_clock) {
    parameters = {24h, 1.0, 40};
    Retransmission dut(parameters, turn);
    for (int i = 0; i < 40; ++i) {
        ASSERT_TRUE(dut.advance(parameters, start));
        ASSERT_GT(dut.due(), start);
    }
    EXPECT_FALSE(dut.advance(parameters, start));
}

TEST_F(RetransmissionTest, before_its_start_nothing_is_due) {
    EXPECT_EQ(Retransmission().due(), never);
}

}  // namespace
}  // namespace scef::coap
