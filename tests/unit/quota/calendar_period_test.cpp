#include "quota/calendar_period.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using test::daily;
using test::monthly;
using test::utc;
using test::weekly;

TEST(CalendarPeriod, a_fixed_one_counts_from_the_epoch_in_either_direction) {
    const CalendarPeriod hour = test::every(1h);
    EXPECT_EQ(hour.window_of(utc(2026, 1, 1, 90min)),
              (Window{utc(2026, 1, 1, 1h), utc(2026, 1, 1, 2h)}));
    EXPECT_EQ(hour.window_of(WallTime(-1ns)), (Window{WallTime(-1h), WallTime{}}));
}

TEST(CalendarPeriod, a_month_begins_on_the_billing_day_or_on_the_last_that_it_has) {
    const CalendarPeriod period = monthly(nullptr, 31);
    EXPECT_EQ(period.window_of(utc(2026, 2, 27)), (Window{utc(2026, 1, 31), utc(2026, 2, 28)}));
    EXPECT_EQ(period.window_of(utc(2026, 2, 28)), (Window{utc(2026, 2, 28), utc(2026, 3, 31)}));
    EXPECT_EQ(period.window_of(utc(2028, 2, 28)), (Window{utc(2028, 1, 31), utc(2028, 2, 29)}));
    EXPECT_EQ(period.window_of(utc(2026, 5, 1)), (Window{utc(2026, 4, 30), utc(2026, 5, 31)}));
}

TEST(CalendarPeriod, a_week_begins_on_the_day_that_is_said) {
    CalendarPeriod period = weekly();  // 2026-03-04 is a Wednesday
    EXPECT_EQ(period.window_of(utc(2026, 3, 4)), (Window{utc(2026, 3, 2), utc(2026, 3, 9)}));
    period.week_begins = Sunday;
    EXPECT_EQ(period.window_of(utc(2026, 3, 4)), (Window{utc(2026, 3, 1), utc(2026, 3, 8)}));
}

TEST(CalendarPeriod, a_day_is_shorter_or_longer_where_the_clock_is_changed) {
    const Window spring = daily(test::berlin()).window_of(utc(2026, 3, 29, 12h));
    EXPECT_EQ(spring, (Window{utc(2026, 3, 28, 23h), utc(2026, 3, 29, 22h)}));
    const Window autumn = daily(test::lord_howe()).window_of(utc(2026, 4, 4, 16h));
    EXPECT_EQ(autumn.end - autumn.begin, 24h + 30min);
}

TEST(CalendarPeriod, an_hour_that_comes_twice_around_midnight_belongs_to_one_day) {
    const CalendarPeriod period = daily(test::havana());
    const WallTime set_back = utc(2026, 11, 1, 4h);
    EXPECT_EQ(period.window_of(set_back), period.window_of(set_back - 1s));
    EXPECT_EQ(period.window_of(set_back).end, set_back + 1h);
    EXPECT_EQ(period.window_of(utc(2026, 3, 8, 5h)).begin, utc(2026, 3, 8, 5h));
}

TEST(CalendarPeriod, a_day_that_never_was_has_no_window) {
    const CalendarPeriod period = daily(test::apia());
    const WallTime line = utc(2011, 12, 30, 10h);
    EXPECT_EQ(period.window_of(line - 1s), (Window{line - 24h, line}));
    EXPECT_EQ(period.window_of(line), (Window{line, line + 24h}));
}

/// The date on the wall, by adding the offset of the last transition.
local_days date_of(const TimeZone& zone, WallTime time) {
    seconds offset = zone.first_offset();
    for (const auto& transition : zone.transitions()) {
        if (transition.at.time_since_epoch() > time.time_since_epoch()) break;
        offset = transition.offset;
    }
    return floor<days>(local_seconds(floor<seconds>(time.time_since_epoch()) + offset));
}

/// Whether a window begins with that date.
bool begins(const CalendarPeriod& period, local_days date) {
    if (period.kind == CalendarPeriod::Kind::day) return true;
    if (period.kind == CalendarPeriod::Kind::week) return weekday(date) == period.week_begins;
    const year_month_day civil(date);
    const year_month_day tomorrow(date + days(1));
    const auto day = static_cast<unsigned>(civil.day());
    const bool is_last = tomorrow.month() != civil.month();
    return day == period.billing_day || (is_last && day < period.billing_day);
}

/// Steps a quarter of an hour at a time from a moment far before, and notes the last begin of a
/// window: the first moment at which a date is shown that was not shown before.
Window stepped(const CalendarPeriod& period, WallTime time) {
    WallTime at = floor<hours>(time) - hours(24 * 33);
    local_days newest = date_of(*period.zone, at);
    Window window{};
    for (;; at += 15min) {
        const local_days date = date_of(*period.zone, at);
        bool is_begin = false;
        for (; newest < date; newest += days(1)) {
            is_begin = is_begin || begins(period, newest + days(1));
        }
        if (is_begin && at > time) return {window.begin, at};
        if (is_begin) window.begin = at;
    }
}

CalendarPeriod any_period() {
    const auto zone = *rc::gen::element(test::berlin(), test::new_york(), test::lord_howe(),
                                        test::kathmandu(), test::havana(), test::apia());
    CalendarPeriod period = *rc::gen::element(daily(zone), weekly(zone), monthly(zone));
    period.billing_day = *rc::gen::inRange<std::uint8_t>(1, 32);
    period.week_begins = weekday(*rc::gen::inRange(0u, 7u));
    return period;
}

/// Anywhere in 40 years, or near a change of the clock, a leap day or a month's end.
WallTime any_time(const CalendarPeriod& period) {
    const auto& transitions = period.zone->transitions();
    const WallTime anywhere = utc(2010, 1, 1) + minutes(*rc::gen::inRange(0, 40 * 365 * 1440));
    const Duration near = seconds(*rc::gen::inRange(-100'000, 100'000));
    const auto kind = *rc::gen::inRange(0, 4);
    if (kind == 0) return anywhere;
    if (kind == 1) return utc(2028, 2, 29) + near;
    if (kind == 2 || transitions.empty()) return utc(2026, *rc::gen::inRange(1u, 13u), 1) + near;
    const auto place = *rc::gen::inRange<std::size_t>(0, transitions.size());
    return WallTime(transitions[place].at.time_since_epoch()) + near;
}

TEST(CalendarPeriod, agrees_with_a_calendar_that_is_stepped_through) {
    EXPECT_TRUE(rc::check([] {
        const CalendarPeriod period = any_period();
        const WallTime time = any_time(period);
        const Window window = period.window_of(time);
        const Window naive = stepped(period, time);
        RC_ASSERT(window == naive);
    }));
}

TEST(CalendarPeriod, windows_tile_time) {
    EXPECT_TRUE(rc::check([] {
        const CalendarPeriod period = any_period();
        const WallTime time = any_time(period);
        const Window window = period.window_of(time);
        RC_ASSERT(window.holds(time));
        RC_ASSERT(period.window_of(window.begin) == window);
        RC_ASSERT(period.window_of(window.end - 1ns) == window);
        RC_ASSERT(period.window_of(window.end).begin == window.end);
    }));
}

TEST(CalendarPeriod, the_ends_of_representable_time_do_no_harm) {
    EXPECT_GE(monthly().window_of(WallTime::max()).end, WallTime::max());
    EXPECT_LE(monthly().window_of(WallTime::min() + 24h * 60).begin, WallTime::min() + 24h * 60);
}

}  // namespace
}  // namespace scef::quota
