#include "quota/allowance.h"

#include <algorithm>

namespace scef::quota {
namespace {

__extension__ using Wide = unsigned __int128;

/// `amount * part / whole`, rounded up.
std::uint64_t share(std::uint64_t amount, Duration part, Duration whole) {
    const auto of = static_cast<Wide>(whole.count());
    return static_cast<std::uint64_t>(
        (static_cast<Wide>(amount) * static_cast<Wide>(part.count()) + of - 1) / of);
}

}  // namespace

Window Allowance::window(WallTime now) const {
    return window_.holds(now) ? window_ : limit_->period.window_of(now);
}

/// What was used counts until its window is over, and in an earlier one, where a clock that was
/// far off has been set back.
std::uint64_t Allowance::used(WallTime now) const { return now < window_.end ? used_ : 0; }

WallTime Allowance::counts_since(WallTime now) const {
    const WallTime begin = window(now).begin;
    return limit_->pro_rate && effective_since_ <= now ? std::max(begin, effective_since_) : begin;
}

std::uint64_t Allowance::amount_in(const Window& window) const {
    if (!limit_->pro_rate || !window.holds(effective_since_)) return limit_->amount;
    return share(limit_->amount, window.end - effective_since_, window.end - window.begin);
}

std::uint64_t Allowance::usable(const Window& window, double reserve) const {
    const std::uint64_t amount = amount_in(window);
    if (reserve <= 0) return amount;
    const auto part = static_cast<std::uint64_t>(static_cast<double>(amount) * (1.0 - reserve));
    return std::min(part, amount);
}

WallTime Allowance::earliest(WallTime now, std::uint64_t units, double reserve) const {
    const std::uint64_t used_now = used(now);
    if (used_now == 0) return now;
    const Window current = window(now);
    const std::uint64_t part = usable(current, reserve);
    return used_now <= part && units <= part - used_now ? now : current.end;
}

std::uint64_t Allowance::room(WallTime now, double reserve) const {
    const std::uint64_t part = usable(window(now), reserve);
    return part - std::min(part, used(now));
}

void Allowance::charge(WallTime now, std::uint64_t units) {
    if (!window_.holds(now)) {
        used_ = used(now);
        window_ = limit_->period.window_of(now);
    }
    used_ += units;
}

void Allowance::give_back(WallTime charged_at, WallTime now, std::uint64_t units) {
    if (window_.holds(charged_at) && window_.holds(now)) used_ -= std::min(used_, units);
}

void Allowance::restore(std::uint64_t used, WallTime counted_at) {
    window_ = limit_->period.window_of(counted_at);
    used_ = used;
}

}  // namespace scef::quota
