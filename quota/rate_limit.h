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
    /// Lets everything pass.
    RateLimit() = default;
    /// `limit.rate.amount` must not be 0. A burst that takes longer than `horizon` to fill is cut.
    explicit RateLimit(const MessageRate& limit);
    RateLimit(Rate rate, std::uint32_t burst) : RateLimit(MessageRate{rate, burst}) {}

    /// When the next message conforms: `now` or later. A reserve (0 to 1) is the share of the burst
    /// that this message must leave for others.
    /// With `messages`: when that many conform back to back, at most a full burst.
    Instant earliest(Instant now, double reserve = 0, std::uint64_t messages = 1) const;
    /// Counts messages, conforming or not: what did not conform is debt that later ones wait out,
    /// at most `horizon` of it.
    void charge(Instant now, std::uint64_t messages = 1);
    /// How many conform now, back to back.
    std::uint64_t room(Instant now, double reserve = 0) const;
    /// Nothing conforms before `until`, because someone who knows better said so.
    void exhaust_until(Instant until);

    /// For messages that were charged ahead of use: while `outstanding` of them may still go, the
    /// burst is smaller by as many. To be called before `outstanding` changes.
    void count_outstanding(Instant now, std::uint64_t outstanding);
    /// Some of them will not be used.
    void give_back(std::uint64_t messages);

    /// How many of the burst are gone; more than the burst if there is debt.
    std::uint64_t used(Instant now) const;
    std::uint64_t burst() const;
    /// What a full burst takes to come back.
    Duration full_burst() const { return tolerance_ + interval_; }

    Instant theoretical_arrival() const { return theoretical_arrival_; }
    /// Goes on where another one with the same rate was, in this process.
    void resume(Instant theoretical_arrival) { theoretical_arrival_ = theoretical_arrival; }

    static constexpr Duration horizon = std::chrono::hours(24 * 365 * 20);

private:
    Duration times_interval(std::uint64_t messages) const;
    Duration usable(double reserve) const;

    Duration interval_{};
    Duration tolerance_{};
    Instant theoretical_arrival_{};
};

}  // namespace scef::quota
