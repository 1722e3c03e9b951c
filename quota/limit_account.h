#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "quota/allowance.h"
#include "quota/quota_limits.h"
#include "quota/rate_limit.h"

namespace scef::quota {

/// One limit and how much of it is used, for people and programs that ask.
struct LimitUse {
    std::string name;
    Unit unit = Unit::messages;
    std::uint64_t limit = 0;  ///< of a rate: its burst
    std::uint64_t used = 0;
    std::uint64_t remaining = 0;
    WallTime resets_at{};                  ///< all of it is there again
    std::optional<WallTime> exhausted_at;  ///< forecast; nothing: not before it resets
    WallTime available_at{};               ///< some of it may be used: now, or later
};

/// What is stored of an account. `Time` is WallTime (calendar time) for what survives a restart,
/// and Instant for another object of this process. What is unused, over or absent is zero.
template <typename Time>
struct AccountState {
    std::array<Time, limits_max> arrivals{};  ///< of the rates
    Time exhausted_until{};
    WallTime counted_at{};                         ///< the last count, in whole seconds
    std::array<std::uint64_t, limits_max> used{};  ///< of the allowances, in the windows of then
    /// What the counts mean: zero, or else they are believed only for limits of the same marks.
    std::uint32_t rates_mark = 0, allowances_mark = 0;
    friend bool operator==(const AccountState&, const AccountState&) = default;
};

/// All the limits of one direction of one scope, and what is used of them. Everything is charged to
/// all of them. A wall clock that is set back by up to an hour counts as standing still. Pure.
class LimitAccount {
public:
    /// The limits must outlive this. Allowances may count from `effective_since`.
    explicit LimitAccount(const QuotaLimits& limits, WallTime effective_since = {});
    explicit LimitAccount(const QuotaLimits&& limits, WallTime = {}) = delete;

    /// When so much may pass; of messages at most a full burst. `reserve` (0 to 1) is left. What is
    /// not asked for binds not.
    Earliest earliest(const QuotaTime& time, const Amount& amount, double reserve = 0) const;
    /// How much may pass now.
    Amount room(const QuotaTime& time, double reserve = 0) const;
    void charge(const QuotaTime& time, const Amount& amount);
    /// Nothing passes until then, and then it begins with an empty bucket. At most `told_max`.
    void exhaust_until(const QuotaTime& time, Instant until);
    static constexpr Duration told_max = std::chrono::hours(24);

    /// For leases: see RateLimit and Allowance.
    void count_outstanding(Instant now, std::uint64_t messages);
    void give_back(const QuotaTime& time, WallTime charged_at, const Amount& amount);
    /// When the first window of now ends; the end of time if there is none.
    WallTime next_reset(WallTime calendar) const;

    const QuotaLimits& limits() const { return *limits_; }
    /// What remains for those who leave `reserve` (0 to 1); nothing while `exhausted_until` holds.
    std::vector<LimitUse> uses(const QuotaTime& time, double reserve = 0) const;
    /// Until when the SCEF said that nothing passes; nothing if that is over.
    std::optional<WallTime> exhausted_until(const QuotaTime& time) const;

    AccountState<WallTime> state(const QuotaTime& time) const;
    /// Of limits that were changed, a debt counts as one full burst at most, and what was used of
    /// other windows is forgotten.
    void restore(const AccountState<WallTime>& state, const QuotaTime& time);
    AccountState<Instant> position() const;
    void resume(const AccountState<Instant>& position);

private:
    WallTime counting_time(WallTime calendar) const;

    const QuotaLimits* limits_;
    std::array<RateLimit, limits_max> rates_;
    std::vector<Allowance> allowances_;
    Instant exhausted_until_{};
    WallTime counted_at_{};
};

/// An instant as the next process may read it, and back: without what the calendar was led, so that
/// a wait is as long as the steady clock says. One that is over is zero. Both reckon from
/// the calendar or the last count, whichever is later, so that a clock that was set back makes
/// nothing last longer.
WallTime stored_time(Instant instant, WallTime counted_at, const QuotaTime& time);
Instant restored_time(WallTime stored, WallTime counted_at, const QuotaTime& time);

}  // namespace scef::quota
