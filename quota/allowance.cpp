#include "quota/allowance.h"

namespace scef::quota {

std::int64_t Allowance::window_of(WallTime time) const {
    return time.time_since_epoch().count() / rate_.period.count();
}

bool Allowance::is_current(std::int64_t window) const {
    return window == state_.window || window == state_.window - 1;
}

std::uint64_t Allowance::used(WallTime now) const {
    return is_current(window_of(now)) ? state_.used : 0;
}

WallTime Allowance::resets_at(WallTime now) const {
    return WallTime(rate_.period * (window_of(now) + 1));
}

WallTime Allowance::earliest(WallTime now, std::uint64_t octets, double reserve) const {
    const std::uint64_t used_now = used(now);
    const auto usable =
        static_cast<std::uint64_t>(static_cast<double>(rate_.amount) * (1.0 - reserve));
    if (used_now == 0 || used_now + octets <= usable) return now;
    return resets_at(now);
}

void Allowance::charge(WallTime now, std::uint64_t octets) {
    const std::int64_t window = window_of(now);
    if (!is_current(window)) state_ = {window, 0};
    state_.used += octets;
}

}  // namespace scef::quota
