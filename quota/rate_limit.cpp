#include "quota/rate_limit.h"

#include <algorithm>

namespace scef::quota {
namespace {

/// Rounded up: never more than the rate.
Duration interval_of(Rate rate) {
    const auto amount = static_cast<Duration::rep>(rate.amount);
    return Duration((rate.period.count() + amount - 1) / amount);
}

}  // namespace

RateLimit::RateLimit(const MessageRate& limit)
    : interval_(interval_of(limit.rate)),
      tolerance_(times_interval(std::max<std::uint32_t>(limit.burst, 1) - 1)) {}

Duration RateLimit::times_interval(std::uint64_t messages) const {
    if (interval_ == Duration{}) return {};
    const auto most = static_cast<std::uint64_t>(horizon / interval_);
    return messages > most ? horizon : interval_ * static_cast<Duration::rep>(messages);
}

Duration RateLimit::usable(double reserve) const {
    if (reserve <= 0) return tolerance_;
    const Duration part(
        static_cast<Duration::rep>(static_cast<double>(tolerance_.count()) * (1.0 - reserve)));
    return std::min(part, tolerance_);
}

Instant RateLimit::earliest(Instant now, double reserve, std::uint64_t messages) const {
    if (interval_ == Duration{}) return now;
    const Duration part = usable(reserve);
    const Duration others = messages <= 1
                                ? Duration{}
                                : std::min(times_interval(messages - 1), part - part % interval_);
    return std::max(now, theoretical_arrival_ - part + others);
}

void RateLimit::charge(Instant now, std::uint64_t messages) {
    const Instant last = now + horizon;
    theoretical_arrival_ =
        std::min(last, std::max(now, theoretical_arrival_) + times_interval(messages));
}

std::uint64_t RateLimit::room(Instant now, double reserve) const {
    if (interval_ == Duration{}) return UINT64_MAX;
    const Duration free = now + usable(reserve) - std::max(now, theoretical_arrival_);
    return free < Duration{} ? 0 : static_cast<std::uint64_t>(free / interval_) + 1;
}

void RateLimit::exhaust_until(Instant until) {
    theoretical_arrival_ = std::max(theoretical_arrival_, until + tolerance_);
}

void RateLimit::count_outstanding(Instant now, std::uint64_t outstanding) {
    theoretical_arrival_ = std::max(theoretical_arrival_, now + times_interval(outstanding));
}

void RateLimit::give_back(std::uint64_t messages) {
    theoretical_arrival_ -= times_interval(messages);
}

std::uint64_t RateLimit::used(Instant now) const {
    if (theoretical_arrival_ <= now || interval_ == Duration{}) return 0;
    return static_cast<std::uint64_t>((theoretical_arrival_ - now + interval_ - Duration(1)) /
                                      interval_);
}

std::uint64_t RateLimit::burst() const {
    return interval_ == Duration{} ? 0 : static_cast<std::uint64_t>(tolerance_ / interval_) + 1;
}

}  // namespace scef::quota
