#include "nidd/client/load_shedder.h"

#include <gtest/gtest.h>

#include "nidd/client/creation_pacer.h"

namespace scef::nidd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Shedder : testing::Test {
    LoadShedder dut{{}};
    SeededRandom random{11};
    Instant now{seconds(5000)};

    /// One second of `calls`, of which the SCEF takes at most `capacity`. How many reached it.
    int offer(int calls, int capacity) {
        int reached = 0;
        for (int i = 0; i < calls; ++i) {
            if (!dut.admit(now, random)) continue;
            dut.on_answer(now, reached++ < capacity);
        }
        now += seconds(1);
        return reached;
    }
};

TEST_F(Shedder, nothing_is_shed_while_the_scef_accepts) {
    for (int second = 0; second < 600; ++second) EXPECT_EQ(offer(20, 20), 20);

    EXPECT_EQ(dut.probability(now), 0);
}

TEST_F(Shedder, half_of_all_refused_is_still_let_through) {
    for (int second = 0; second < 100; ++second) EXPECT_EQ(offer(20, 10), 20);
}

TEST_F(Shedder, an_overloaded_scef_gets_about_twice_of_what_it_takes) {
    for (int second = 0; second < 240; ++second) offer(100, 10);

    int reached = 0;
    for (int second = 0; second < 120; ++second) reached += offer(100, 10);

    EXPECT_GT(reached, 120 * 10) << "what it can take is used";
    EXPECT_LT(reached, 120 * 30);
}

TEST_F(Shedder, a_scef_that_takes_nothing_is_still_asked_now_and_then) {
    for (int second = 0; second < 240; ++second) offer(100, 0);

    int reached = 0;
    for (int second = 0; second < 120; ++second) reached += offer(100, 0);

    EXPECT_GT(reached, 120 * 4);
    EXPECT_LT(reached, 120 * 6);
}

TEST_F(Shedder, it_ends_soon_after_the_scef_recovers) {
    for (int second = 0; second < 240; ++second) offer(100, 0);

    for (int second = 0; second < 10; ++second) offer(100, 1000);

    EXPECT_EQ(offer(100, 1000), 100);
    EXPECT_EQ(dut.probability(now), 0);
}

TEST_F(Shedder, a_scef_with_an_allowance_a_minute_sees_few_calls_more) {
    int beyond = 0;
    for (int minute = 0; minute < 20; ++minute) {
        int left = 600;
        for (int second = 0; second < 60; ++second) {
            const int reached = offer(100, left);
            beyond += std::max(reached - left, 0);
            left = std::max(left - reached, 0);
        }
    }
    EXPECT_LT(beyond, 20 * 600) << "of 20 * 5400";
}

TEST_F(Shedder, what_the_window_left_behind_is_forgotten) {
    offer(1000, 0);
    EXPECT_GT(dut.probability(now), 0.9);

    now += seconds(125);

    EXPECT_EQ(dut.probability(now), 0);
    now += std::chrono::hours(24 * 365);
    EXPECT_EQ(offer(10, 10), 10);
}

TEST(CreationPacer, creations_are_spaced_evenly_without_a_burst_after_a_pause) {
    CreationPacer dut(50);
    Instant now{seconds(100)};
    int gone = 0;
    for (const Instant start = now; now < start + seconds(10); now += milliseconds(1)) {
        if (!dut.is_ready(now)) continue;
        dut.take(now);
        ++gone;
    }
    EXPECT_EQ(gone, 500);

    now += seconds(60);
    dut.take(now);
    EXPECT_FALSE(dut.is_ready(now + milliseconds(19)));
    EXPECT_TRUE(dut.is_ready(now + milliseconds(20)));
}

TEST(CreationPacer, zero_is_unlimited) {
    CreationPacer dut(0);
    const Instant now{seconds(1)};

    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(dut.is_ready(now));
        dut.take(now);
    }
}

}  // namespace
}  // namespace scef::nidd
