#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/quota_limits.h"

namespace scef::quota {

/// The generic cell rate algorithm (ITU-T I.371 A): `amount` messages per `period`, of which
/// `burst` may go back to back. In any window W at most `amount/period * W + burst` conform. One
/// value, the theoretical arrival time, is the whole state. Pure; time only moves forward.
class RateLimit {
public:
    /// `rate.amount` must not be 0.
    RateLimit(Rate rate, std::uint32_t burst);

    /// When the next message conforms: `now` or later. A reserve (0 to 1) is the share of the burst
    /// that this message must leave for others.
    /// With `messages`: when that many conform back to back, at most a full burst.
    Instant earliest(Instant now, double reserve = 0, std::uint32_t messages = 1) const;
    /// Counts one message, conforming or not: what did not conform is debt that later ones wait
    /// out.
    void charge(Instant now);
    /// Nothing conforms before `until`, because someone who knows better said so.
    void exhaust_until(Instant until);

    Instant theoretical_arrival() const { return theoretical_arrival_; }
    /// At most what one full burst leaves: a wall clock that was set back must not block for hours.
    void restore(Instant theoretical_arrival, Instant now);
    /// Goes on where another one with the same rate was, in this process.
    void resume(Instant theoretical_arrival) { theoretical_arrival_ = theoretical_arrival; }

private:
    Duration interval_;
    Duration tolerance_;
    Instant theoretical_arrival_{};
};

}  // namespace scef::quota
