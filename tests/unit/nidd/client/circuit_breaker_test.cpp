#include "nidd/client/circuit_breaker.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

using State = CircuitBreaker::State;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Breaker : testing::Test {
    CircuitBreaker dut{{3, seconds(1), seconds(60)}};
    SeededRandom random{7};
    Instant now{seconds(1000)};

    CircuitBreaker::Epoch passed() {
        const auto epoch = dut.admit(now);
        EXPECT_TRUE(epoch);
        return epoch.value_or(0);
    }
    void fail_once() { dut.on_failure(passed(), now, random); }
    void trip() {
        for (int i = 0; i < 3; ++i) fail_once();
        ASSERT_EQ(dut.state(), State::open);
    }
};

TEST_F(Breaker, opens_after_failures_in_a_row) {
    fail_once();
    fail_once();
    EXPECT_EQ(dut.state(), State::closed);
    EXPECT_TRUE(dut.on_failure(passed(), now, random)) << "the third";

    EXPECT_EQ(dut.state(), State::open);
    EXPECT_FALSE(dut.admit(now));
    EXPECT_GE(dut.wait(now), milliseconds(500));
    EXPECT_LE(dut.wait(now), seconds(1));
}

TEST_F(Breaker, a_success_between_failures_keeps_it_closed) {
    for (int i = 0; i < 20; ++i) {
        fail_once();
        fail_once();
        dut.on_success();
    }

    EXPECT_EQ(dut.state(), State::closed);
    EXPECT_EQ(dut.wait(now), Duration{});
}

TEST_F(Breaker, after_the_back_off_one_probe_goes) {
    trip();
    now += seconds(1);

    EXPECT_TRUE(dut.is_passable(now));
    EXPECT_TRUE(dut.admit(now));
    EXPECT_EQ(dut.state(), State::half_open);
    EXPECT_FALSE(dut.admit(now));
    EXPECT_FALSE(dut.is_passable(now));
}

TEST_F(Breaker, a_probe_that_succeeds_closes_it) {
    trip();
    now += seconds(1);
    passed();

    dut.on_success();

    EXPECT_EQ(dut.state(), State::closed);
    EXPECT_TRUE(dut.admit(now));
}

TEST_F(Breaker, each_failed_probe_doubles_the_back_off_up_to_its_last) {
    trip();
    for (const int expected : {2, 4, 8, 16, 32, 60, 60}) {
        now += dut.wait(now);
        fail_once();
        EXPECT_EQ(dut.state(), State::open);
        EXPECT_GE(dut.wait(now), milliseconds(expected * 500)) << expected;
        EXPECT_LE(dut.wait(now), seconds(expected)) << expected;
    }
}

TEST_F(Breaker, after_a_recovery_it_starts_with_the_first_back_off) {
    trip();
    now += dut.wait(now);
    fail_once();
    dut.on_success();

    trip();

    EXPECT_LE(dut.wait(now), seconds(1));
}

TEST_F(Breaker, calls_of_before_the_trip_do_not_lengthen_it) {
    const auto old = passed();
    trip();
    const Duration wait = dut.wait(now);
    EXPECT_FALSE(dut.on_failure(old, now, random));
    EXPECT_EQ(dut.wait(now), wait);

    now += wait;
    passed();
    EXPECT_FALSE(dut.on_failure(old, now, random));
    EXPECT_EQ(dut.state(), State::half_open) << "the probe is still out";
}

TEST_F(Breaker, a_probe_that_the_scef_holds_lets_another_go_after_a_back_off) {
    trip();
    now += dut.wait(now);
    passed();
    EXPECT_FALSE(dut.admit(now + milliseconds(999)));

    EXPECT_TRUE(dut.admit(now + seconds(1)));
    EXPECT_EQ(dut.state(), State::half_open);
}

TEST_F(Breaker, a_late_answer_of_before_the_trip_shows_that_the_scef_lives) {
    passed();
    trip();

    dut.on_success();

    EXPECT_EQ(dut.state(), State::closed);
}

}  // namespace
}  // namespace scef::nidd
