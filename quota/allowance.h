#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/quota_limits.h"

namespace scef::quota {

/// So many octets in each window of `period`; windows are aligned to the Unix epoch in UTC, so that
/// an hour begins at :00 and a day at midnight. Pure.
class Allowance {
public:
    explicit Allowance(Rate rate) : rate_(rate) {}

    /// When `octets` fit: now, or the start of the next window. A message larger than the whole
    /// allowance fits an unused window. A reserve (0 to 1) is the share left for others.
    WallTime earliest(WallTime now, std::uint64_t octets, double reserve = 0) const;
    /// Counts octets, whether they fit or not.
    void charge(WallTime now, std::uint64_t octets);

    std::uint64_t used(WallTime now) const;
    WallTime resets_at(WallTime now) const;

    struct State {
        std::int64_t window = 0;
        std::uint64_t used = 0;
    };
    State state() const { return state_; }
    void restore(State state) { state_ = state; }

private:
    std::int64_t window_of(WallTime time) const;
    /// The window counted in, or the one before it: a clock set back over the boundary opens no
    /// second allowance.
    bool is_current(std::int64_t window) const;

    Rate rate_;
    State state_;
};

}  // namespace scef::quota
