#pragma once

#include <optional>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/quota_limits.h"

namespace scef::quota {

/// The time by which windows are counted. It runs with the steady clock and follows the wall clock
/// only by running a little faster or slower, so that a wall clock that jumps an hour, even at the
/// end of a window, neither opens a quota nor closes one. It never goes back, but for one case: a
/// wall clock that is more than a day away for an hour is believed, because then this one was
/// wrong (a machine that started without the time of day).
///
/// Each shard feeds its own, once a turn, and stores `state` once a minute and with what it counts.
/// Pure.
class CalendarClock {
public:
    /// At most this share of the time that passes is added or left out.
    static constexpr int slew_share = 16;
    /// Farther away than this, the wall clock is not followed but, after `patience`, believed.
    static constexpr Duration slew_max = std::chrono::hours(25);
    static constexpr Duration patience = std::chrono::hours(1);

    /// The calendar time now. `now` does not go back.
    WallTime advance(Instant now, WallTime wall);
    /// How far the wall clock is ahead: for an alarm.
    Duration deviation() const { return wall_ - calendar_; }

    struct State {
        WallTime calendar;
        WallTime wall;
        Duration led{};  ///< all that was ever added or left out
        friend bool operator==(const State&, const State&) = default;
    };
    State state() const { return {calendar_, wall_, led_}; }
    QuotaTime time(Instant now) const { return {now, calendar_, led_}; }
    /// At start. What passed since then is told by the wall clock alone, and followed as slowly as
    /// ever; where it was set back, nothing did.
    void restore(const State& state, Instant now, WallTime wall);

private:
    std::optional<Instant> advanced_at_;
    std::optional<Instant> far_since_;
    WallTime calendar_{};
    WallTime wall_{};
    Duration led_{};
};

}  // namespace scef::quota
