#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "quota/limit_account.h"

namespace scef::quota {

/// What asks to pass.
struct Want {
    std::uint64_t octets = 0;    ///< of all of them
    std::uint32_t messages = 1;  ///< of a transfer: all, to know when it may begin
    double reserve = 0;          ///< the share (0 to 1) of each limit that it leaves for others
    bool emergency = false;      ///< may use the rate of exceptions
};

/// What one device has used of one direction's limits (LPW-6, LPW-008). Charged when a frame is
/// about to go on the air, never while it waits. Owned by the device's shard. Pure.
class DirectionQuota {
public:
    /// The limits must outlive this. `effective_since`: when the device was made.
    explicit DirectionQuota(const QuotaLimits& limits, WallTime effective_since = {});
    explicit DirectionQuota(const QuotaLimits&& limits, WallTime = {}) = delete;

    /// When it may go: `time.now` or later, and which limit binds until then.
    Earliest earliest(const QuotaTime& time, const Want& want) const;
    /// Counts one frame, whether it might go or not: an ACK or an answer to the device is never
    /// asked, and makes debt. One of priority emergency that only the rate of exceptions lets pass
    /// counts there and nowhere else. The octets that the allowances counted: rounded up, or none.
    std::uint64_t charge(const QuotaTime& time, std::uint64_t octets, bool emergency = false);
    /// More octets of a frame that is charged already: whether they fit now, and their charge.
    bool has_room_for_more(const QuotaTime& time, std::uint64_t octets) const;
    std::uint64_t charge_more(const QuotaTime& time, std::uint64_t octets);
    /// The SCEF said that nothing passes until then (403 QUOTA_EXCEEDED, 429, Retry-After).
    void exhaust_until(const QuotaTime& time, Instant until) {
        account_.exhaust_until(time, until);
    }

    const QuotaLimits& limits() const { return account_.limits(); }
    /// All limits side by side, exceptions last; see LimitAccount.
    std::vector<LimitUse> uses(const QuotaTime& time, double reserve = 0) const;
    std::optional<WallTime> exhausted_until(const QuotaTime& time) const {
        return account_.exhausted_until(time);
    }

    /// What survives a restart (Time = WallTime), or goes to another object of this process without
    /// loss (Time = Instant). The default quota, one rate and one allowance, has four values that
    /// are not zero and two totals: both directions take less than 64 octets of an idle device.
    template <typename Time>
    struct Record {
        AccountState<Time> account;
        Time exceptions_arrival{};
        std::uint64_t messages_total = 0;
        std::uint64_t bytes_total = 0;
        friend bool operator==(const Record&, const Record&) = default;
    };
    using State = Record<WallTime>;
    using Position = Record<Instant>;
    State state(const QuotaTime& time) const;
    void restore(const State& state, const QuotaTime& time);
    Position position() const;
    void resume(const Position& position);

private:
    LimitAccount account_;
    RateLimit exceptions_;
    std::uint64_t messages_total_ = 0;
    std::uint64_t bytes_total_ = 0;
};

}  // namespace scef::quota
