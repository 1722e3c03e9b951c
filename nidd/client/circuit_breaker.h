#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// Decides whether calls go to a SCEF that may be down: after `failures_max` failures in a row none
/// goes for a back-off, then one as a probe; its failure doubles the back-off, any answer ends all.
/// A decision only: time and randomness are given. Not thread-safe.
class CircuitBreaker {
public:
    struct Options {
        unsigned failures_max = 5;
        Duration back_off_first = std::chrono::seconds(1);
        Duration back_off_last = std::chrono::seconds(60);
    };
    enum class State : std::uint8_t { closed, open, half_open };
    /// Of a call that was let through; tells calls of before a trip from those after it.
    using Epoch = std::uint64_t;

    explicit CircuitBreaker(const Options& options) : options_(options) {}

    /// Lets a call through, or nothing. In `half_open` a further probe goes each time a back-off
    /// is over without a result, because a SCEF may hold a probe for long.
    std::optional<Epoch> admit(Instant now);
    /// Whether `admit` would, without being a probe.
    bool is_passable(Instant now) const;
    /// Time until the next probe may go; zero when closed.
    Duration wait(Instant now) const;

    void on_success();
    /// A failure of a call that went before the last trip changes nothing. True if it trips now.
    bool on_failure(Epoch epoch, Instant now, Random& random);

    State state() const { return state_; }

private:
    void open(Instant now, Random& random);

    Options options_;
    State state_ = State::closed;
    Epoch epoch_ = 0;
    unsigned failures_ = 0;
    Duration back_off_{};  ///< the last one; zero when closed
    Instant probe_at_{};
};

}  // namespace scef::nidd
