#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/allowance.h"
#include "quota/quota_limits.h"
#include "quota/rate_limit.h"

namespace scef::quota {

/// What one device has used of one direction's limits (LPW-6, LPW-008). Charged when a frame is
/// about to go on the air, never while it waits. Owned by the device's shard. Pure.
class DirectionQuota {
public:
    explicit DirectionQuota(const QuotaLimits& limits);

    /// When a frame of `octets` may go: `turn.now` or later. `reserve` as in RateLimit.
    /// `messages` and `octets` of all of them: when a whole transfer may begin.
    Instant earliest(const Turn& turn, std::uint64_t octets, double reserve = 0,
                     std::uint32_t messages = 1) const;
    void charge(const Turn& turn, std::uint64_t octets);
    /// More octets of a frame that is charged already: whether they fit now, and their charge.
    bool has_room_for_more(const Turn& turn, std::uint64_t octets) const;
    void charge_more(const Turn& turn, std::uint64_t octets);
    void exhaust_until(Instant until);

    /// State that survives a restart: steady time is turned into wall time and back.
    struct State {
        WallTime theoretical_arrival{};
        Allowance::State bytes;
        std::uint64_t messages_total = 0;
        std::uint64_t bytes_total = 0;
    };
    State state(const Turn& turn) const;
    void restore(const State& state, const Turn& turn);

    /// The same in steady time, for another object of this process: nothing is lost on the way.
    struct Position {
        Instant theoretical_arrival{};
        Allowance::State bytes;
        std::uint64_t messages_total = 0;
        std::uint64_t bytes_total = 0;
    };
    Position position() const;
    void resume(const Position& position);

private:
    std::optional<RateLimit> messages_;
    std::optional<Allowance> bytes_;
    std::uint64_t messages_total_ = 0;
    std::uint64_t bytes_total_ = 0;
};

}  // namespace scef::quota
