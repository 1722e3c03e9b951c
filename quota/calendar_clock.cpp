#include "quota/calendar_clock.h"

#include <algorithm>

namespace scef::quota {

WallTime CalendarClock::advance(Instant now, WallTime wall) {
    wall_ = wall;
    if (!advanced_at_) {
        advanced_at_ = now;
        return calendar_ = wall;
    }
    const Duration passed = std::max(now - *advanced_at_, Duration{});
    advanced_at_ = now;
    calendar_ += passed;
    const Duration ahead = wall - calendar_;
    if (ahead > slew_max || ahead < -slew_max) {
        if (!far_since_) far_since_ = now;
        if (now - *far_since_ >= patience) {
            led_ += ahead;
            calendar_ = wall;
            far_since_.reset();
        }
        return calendar_;
    }
    far_since_.reset();
    const Duration step = std::clamp(ahead, -passed / slew_share, passed / slew_share);
    led_ += step;
    return calendar_ += step;
}

void CalendarClock::restore(const State& state, Instant now, WallTime wall) {
    const Duration passed = std::max(wall - state.wall, Duration{});
    far_since_.reset();
    calendar_ = state.calendar;
    wall_ = state.wall;
    led_ = state.led;
    // As it went on before the end, or would have: what was counted then is counted in that time.
    advanced_at_ = now - passed;
    advance(now, wall);
}

}  // namespace scef::quota
