#include "quota/rate_limit.h"

#include <algorithm>

namespace scef::quota {

RateLimit::RateLimit(Rate rate, std::uint32_t burst)
    : interval_((rate.period.count() + static_cast<Duration::rep>(rate.amount) - 1) /
                static_cast<Duration::rep>(rate.amount)),  // rounded up: never more than the rate
      tolerance_(interval_ * static_cast<Duration::rep>(std::max<std::uint32_t>(burst, 1) - 1)) {}

Instant RateLimit::earliest(Instant now, double reserve, std::uint32_t messages) const {
    const Duration usable(
        static_cast<Duration::rep>(static_cast<double>(tolerance_.count()) * (1.0 - reserve)));
    const Duration::rep others_max = usable / interval_;  // first: a product may be too large
    const Duration others =
        interval_ * std::min<Duration::rep>(std::max(messages, 1u) - 1, others_max);
    return std::max(now, theoretical_arrival_ - usable + others);
}

void RateLimit::charge(Instant now) {
    theoretical_arrival_ = std::max(now, theoretical_arrival_) + interval_;
}

void RateLimit::restore(Instant theoretical_arrival, Instant now) {
    theoretical_arrival_ = std::min(theoretical_arrival, now + tolerance_ + interval_);
}

void RateLimit::exhaust_until(Instant until) {
    theoretical_arrival_ = std::max(theoretical_arrival_, until + tolerance_);
}

}  // namespace scef::quota
