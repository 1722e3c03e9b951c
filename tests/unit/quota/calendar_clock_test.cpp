#include "quota/calendar_clock.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
constexpr Instant start{1h};
constexpr WallTime noon{24h * 20'000 + 12h};

TEST(CalendarClock, runs_with_two_clocks_that_agree) {
    CalendarClock clock;
    EXPECT_EQ(clock.advance(start, noon), noon);
    EXPECT_EQ(clock.advance(start + 7s, noon + 7s), noon + 7s);
    EXPECT_EQ(clock.deviation(), 0s);
}

TEST(CalendarClock, a_jump_of_an_hour_is_followed_over_sixteen) {
    for (const Duration jump : {Duration(1h), Duration(-1h)}) {
        CalendarClock clock;
        clock.advance(start, noon);
        EXPECT_EQ(clock.advance(start, noon + jump), noon);
        EXPECT_EQ(clock.deviation(), jump);
        EXPECT_EQ(clock.advance(start + 16min, noon + 16min + jump), noon + 16min + jump / 60);
        EXPECT_EQ(clock.advance(start + 16h, noon + 16h + jump), noon + 16h + jump);
    }
}

TEST(CalendarClock, a_wall_clock_that_is_far_away_is_believed_after_an_hour) {
    CalendarClock clock;
    clock.advance(start, WallTime{});
    EXPECT_EQ(clock.advance(start + 1s, noon), WallTime(1s));
    EXPECT_LT(clock.advance(start + 59min, noon + 59min), WallTime(1h));
    EXPECT_EQ(clock.advance(start + 1s + 1h, noon + 1h), noon + 1h);
}

TEST(CalendarClock, a_jump_that_is_taken_back_leaves_nothing) {
    CalendarClock clock;
    clock.advance(start, noon);
    clock.advance(start + 1s, noon + 24h * 365);
    EXPECT_EQ(clock.advance(start + 2s, noon + 2s), noon + 2s);
    clock.advance(start + 3s, noon + 24h * 365);
    EXPECT_EQ(clock.advance(start + 59min, noon + 24h * 365), noon + 59min);
}

TEST(CalendarClock, a_restart_goes_on_where_it_was_by_the_wall_clock) {
    CalendarClock clock;
    clock.restore({noon - 10min, noon}, start, noon + 32min);
    EXPECT_EQ(clock.advance(start, noon + 32min), noon + 22min + 2min) << "a sixteenth faster";
}

TEST(CalendarClock, a_restart_changes_nothing_of_what_is_counted) {
    for (const Duration ahead : {Duration(-40min), Duration(-1s), Duration(), Duration(25min)}) {
        CalendarClock one;
        one.advance(start, noon);
        one.advance(start + 1s, noon + 1s + ahead);
        const CalendarClock::State stored = one.state();
        const WallTime wall = noon + 30min + ahead;
        const WallTime without = one.advance(start + 30min, wall);
        CalendarClock other;
        other.restore(stored, start, wall);
        EXPECT_EQ(other.state().calendar, without);
        EXPECT_EQ(other.state(), one.state());
    }
}

TEST(CalendarClock, a_restart_with_the_clock_set_back_does_not_go_back) {
    CalendarClock clock;
    clock.restore({noon, noon}, start, noon - 1h);
    EXPECT_EQ(clock.advance(start, noon - 1h), noon);
    EXPECT_GT(clock.advance(start + 10min, noon - 50min), noon + 9min);
}

TEST(CalendarClock, whatever_the_wall_clock_shows_within_a_day_time_goes_at_nearly_its_pace) {
    EXPECT_TRUE(rc::check([] {
        CalendarClock clock;
        Instant now = start;
        Duration jump{};
        WallTime before = clock.advance(now, noon);
        const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 100'000));
        for (const int step : steps) {
            now += std::chrono::milliseconds(step);
            if (step % 3 == 0) jump = std::chrono::minutes(step % 1400 - 700);
            const WallTime after = clock.advance(now, noon + (now - start) + jump);
            const Duration passed = std::chrono::milliseconds(step);
            RC_ASSERT(after - before >= passed - passed / 16);
            RC_ASSERT(after - before <= passed + passed / 16);
            before = after;
        }
    }));
}

TEST(CalendarClock, tells_the_steady_time_beside_the_one_that_is_led) {
    CalendarClock clock;
    clock.advance(start, noon);
    for (Duration passed = 1s; passed < 3h; passed += 7s) {
        clock.advance(start + passed, noon + passed + 1h);
        const QuotaTime time = clock.time(start + passed);
        EXPECT_EQ(time.calendar - time.led, noon + passed);
    }
    EXPECT_GT(clock.state().led, 11min);
}

}  // namespace
}  // namespace scef::quota
