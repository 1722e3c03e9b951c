#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/time_zone.h"

namespace scef::quota {

/// From `begin` on and before `end`.
struct Window {
    WallTime begin, end;
    bool holds(WallTime time) const { return begin <= time && time < end; }
    friend bool operator==(const Window&, const Window&) = default;
};

/// How time is cut into windows. They tile it: none is empty, none overlaps another.
struct CalendarPeriod {
    enum class Kind : std::uint8_t {
        fixed,  ///< so long, counted from the Unix epoch in UTC: an hour begins at :00
        day,    ///< from midnight on the wall, 23 to 25 hours where the clock is changed
        week,   ///< from midnight of the day `week_begins`
        month   ///< from midnight of the day `billing_day`
    };
    Kind kind = Kind::fixed;
    Duration length = std::chrono::hours(1);  ///< of `fixed`; whole seconds
    std::shared_ptr<const TimeZone> zone;     ///< whose midnight; null: UTC
    std::uint8_t billing_day = 1;             ///< 1 to 31; the last of the month if it has no such
    std::chrono::weekday week_begins = std::chrono::Monday;

    /// The window that holds `time`.
    Window window_of(WallTime time) const;

    friend bool operator==(const CalendarPeriod& a, const CalendarPeriod& b);
};

}  // namespace scef::quota
