#include "nidd/client/circuit_breaker.h"

#include <algorithm>

namespace scef::nidd {

bool CircuitBreaker::is_passable(Instant now) const {
    return state_ == State::closed || now >= probe_at_;
}

std::optional<CircuitBreaker::Epoch> CircuitBreaker::admit(Instant now) {
    if (!is_passable(now)) return std::nullopt;
    if (state_ != State::closed) {
        state_ = State::half_open;
        probe_at_ = now + back_off_;
    }
    return epoch_;
}

Duration CircuitBreaker::wait(Instant now) const {
    if (state_ == State::closed) return {};
    return std::max(probe_at_ - now, Duration{});
}

void CircuitBreaker::on_success() {
    failures_ = 0;
    if (state_ == State::closed) return;
    state_ = State::closed;
    back_off_ = {};
    ++epoch_;
}

bool CircuitBreaker::on_failure(Epoch epoch, Instant now, Random& random) {
    if (epoch != epoch_ || state_ == State::open) return false;
    if (state_ == State::closed && ++failures_ < options_.failures_max) return false;
    open(now, random);
    return true;
}

/// The second half of each back-off is random, so that several workers do not probe in step.
void CircuitBreaker::open(Instant now, Random& random) {
    state_ = State::open;
    ++epoch_;
    failures_ = 0;
    back_off_ = back_off_ == Duration{} ? options_.back_off_first
                                        : std::min(back_off_ * 2, options_.back_off_last);
    const auto half = static_cast<std::uint64_t>(back_off_.count() / 2);
    probe_at_ = now + back_off_ / 2 + Duration(static_cast<Duration::rep>(random.below(half + 1)));
}

}  // namespace scef::nidd
