#include "quota/calendar_period.h"

#include <algorithm>

namespace scef::quota {
namespace {

using namespace std::chrono;
using Kind = CalendarPeriod::Kind;

/// Of a month: the billing day, or the last if it has no such.
local_days billing_day_of(year_month month, unsigned billing_day) {
    const year_month_day_last last = month / std::chrono::last;
    return local_days(month / day(std::min(billing_day, static_cast<unsigned>(last.day()))));
}

year_month month_of(local_days date) {
    const year_month_day civil(date);
    return civil.year() / civil.month();
}

/// The day on which the period that holds `date` begins.
local_days first_day(const CalendarPeriod& period, local_days date) {
    if (period.kind == Kind::week) return date - (weekday(date) - period.week_begins);
    if (period.kind == Kind::day) return date;
    const local_days billed = billing_day_of(month_of(date), period.billing_day);
    if (billed <= date) return billed;
    return billing_day_of(month_of(date) - months(1), period.billing_day);
}

/// The first day of the period after the one that begins on `first`.
local_days next_first_day(const CalendarPeriod& period, local_days first) {
    if (period.kind == Kind::week) return first + weeks(1);
    if (period.kind == Kind::day) return first + days(1);
    return billing_day_of(month_of(first) + months(1), period.billing_day);
}

/// Not beyond the ends of what can be told in nanoseconds.
WallTime wall_of(sys_seconds time) {
    constexpr auto earliest = ceil<seconds>(WallTime::min().time_since_epoch());
    constexpr auto latest = floor<seconds>(WallTime::max().time_since_epoch());
    if (time.time_since_epoch() < earliest) return WallTime::min();
    if (time.time_since_epoch() > latest) return WallTime::max();
    return WallTime(time.time_since_epoch());
}

Window fixed_window(Duration length, WallTime time) {
    const Duration since_epoch = time.time_since_epoch();
    Duration into = since_epoch % length;
    if (into < Duration{}) into += length;
    return {time - into, time - into + length};
}

}  // namespace

Window CalendarPeriod::window_of(WallTime time) const {
    if (kind == Kind::fixed) return fixed_window(length, time);
    const sys_seconds second(floor<seconds>(time.time_since_epoch()));
    const auto midnight = [this](local_days date) {
        return zone ? zone->first_showing(date) : sys_seconds(date.time_since_epoch());
    };
    const local_seconds shown =
        zone ? zone->local(second) : local_seconds(second.time_since_epoch());
    // The clock may show a day that began for the first time an hour ago, or a second time.
    local_days first = first_day(*this, floor<days>(shown));
    while (midnight(first) > second) first = first_day(*this, first - days(1));
    for (;;) {
        const local_days next = next_first_day(*this, first);
        const sys_seconds end = midnight(next);
        if (end > second) return {wall_of(midnight(first)), wall_of(end)};
        first = next;
    }
}

bool operator==(const CalendarPeriod& a, const CalendarPeriod& b) {
    const bool same_zone = a.zone == b.zone || (a.zone && b.zone && *a.zone == *b.zone);
    return a.kind == b.kind && a.length == b.length && same_zone &&
           a.billing_day == b.billing_day && a.week_begins == b.week_begins;
}

}  // namespace scef::quota
