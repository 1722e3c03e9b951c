#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/quota_limits.h"

namespace scef::quota {

/// So many units in each window of the calendar, used by one account. Pure.
class Allowance {
public:
    /// The limit must outlive this. The account begins at `effective_since`, for `pro_rate`.
    explicit Allowance(const AllowanceLimit& limit, WallTime effective_since = {})
        : limit_(&limit), effective_since_(effective_since) {}

    /// When `units` fit: now, or the start of the next window. What is larger than the whole
    /// allowance fits an unused window. A reserve (0 to 1) is the share left for others.
    WallTime earliest(WallTime now, std::uint64_t units, double reserve = 0) const;
    /// How many fit now.
    std::uint64_t room(WallTime now, double reserve = 0) const;
    /// Counts units, whether they fit or not.
    void charge(WallTime now, std::uint64_t units);
    /// Some that were charged at `charged_at` will not be used; what its window had is lost when
    /// that is over.
    void give_back(WallTime charged_at, WallTime now, std::uint64_t units);

    std::uint64_t used(WallTime now) const;
    /// The amount in the window of `now`: less than the limit's in a first window that is
    /// pro-rated.
    std::uint64_t amount(WallTime now) const { return amount_in(window(now)); }
    Window window(WallTime now) const;
    /// Since when `used` counts: the window's begin, or the account's if it is later.
    WallTime counts_since(WallTime now) const;
    const AllowanceLimit& limit() const { return *limit_; }

    /// What is used in the window of `counted_at`.
    void restore(std::uint64_t used, WallTime counted_at);

private:
    std::uint64_t amount_in(const Window& window) const;
    std::uint64_t usable(const Window& window, double reserve) const;

    const AllowanceLimit* limit_;
    WallTime effective_since_;
    Window window_{};  ///< in which `used_` counts
    std::uint64_t used_ = 0;
};

}  // namespace scef::quota
