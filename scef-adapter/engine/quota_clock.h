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
    quota::QuotaTime time(Instant now) const { return {now, clock_.state().calendar}; }
    /// Between turns, when it was not fed for a while.
    quota::QuotaTime time(const Turn& turn) const {
        quota::CalendarClock clock = clock_;
        clock.advance(turn.now, turn.wall);
        return {turn.now, clock.state().calendar};
    }
    /// How far the wall clock is ahead.
    Duration deviation() const { return clock_.deviation(); }

    bool is_due(Instant now, bool is_charged) const {
        const Duration moved = deviation() - stored_deviation_;
        return moved > tolerance || moved < -tolerance ||
               (is_charged && now - stored_at_ >= stored_every);
    }
    /// Two times at the end of a record.
    void store(queueing::RecordWriter& record, Instant now) {
        record.time(clock_.state().calendar).time(clock_.state().wall);
        stored_deviation_ = deviation();
        stored_at_ = now;
    }
    void restore(queueing::RecordReader& record, const Turn& turn) {
        const WallTime calendar = record.time();
        const WallTime wall = record.time();
        if (!record.ok()) return;
        clock_.restore({calendar, wall}, turn.now, turn.wall);
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
