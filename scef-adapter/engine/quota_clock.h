#pragma once

#include "queueing/record.h"
#include "quota/calendar_clock.h"
#include "quota/quota_limits.h"

namespace scef::adapter {

/// The time by which an engine's quotas count, and when it must be stored: with what is charged, at
/// most once a minute, and at once when the wall clock was set, so that a restart is not taken for
/// the time that the clock jumped over. Fed once a turn.
class QuotaClock {
public:
    void advance(const Turn& turn) { clock_.advance(turn.now, turn.wall); }
    quota::QuotaTime time(Instant now) const { return clock_.time(now); }
    /// Between turns, when it was not fed for a while.
    quota::QuotaTime time(const Turn& turn) const {
        quota::CalendarClock clock = clock_;
        clock.advance(turn.now, turn.wall);
        return clock.time(turn.now);
    }
    /// How far the wall clock is ahead.
    Duration deviation() const { return clock_.deviation(); }

    bool is_due(Instant now, bool is_charged) const {
        const Duration moved = deviation() - stored_deviation_;
        return moved > tolerance || moved < -tolerance ||
               (is_charged && now - stored_at_ >= stored_every);
    }
    /// At the end of a record.
    void store(queueing::RecordWriter& record, Instant now) {
        const auto state = clock_.state();
        record.time(state.calendar).time(state.wall);
        record.number(static_cast<std::uint64_t>(state.led.count()));
        stored_deviation_ = deviation();
        stored_at_ = now;
    }
    void restore(queueing::RecordReader& record, const Turn& turn) {
        const WallTime calendar = record.time();
        const WallTime wall = record.time();
        const auto led = static_cast<Duration::rep>(record.number<std::uint64_t>());
        if (!record.ok()) return;
        clock_.restore({calendar, wall, Duration(led)}, turn.now, turn.wall);
        stored_deviation_ = wall - calendar;
        stored_at_ = turn.now;
    }

private:
    static constexpr Duration tolerance = std::chrono::seconds(1);
    static constexpr Duration stored_every = std::chrono::minutes(1);

    quota::CalendarClock clock_;
    Duration stored_deviation_{};
    Instant stored_at_{};
};

}  // namespace scef::adapter
