#include "lwm2m-core/coap/transmission.h"

namespace scef::coap {
namespace {

/// Doubling stops here, so that no parameter can overflow the clock.
constexpr Duration timeout_max = std::chrono::hours(24 * 365);

}  // namespace

Retransmission::Retransmission(const TransmissionParameters& parameters, Turn& turn) {
    const double factor = 1.0 + (parameters.ack_random_factor - 1.0) * turn.random.fraction();
    timeout_ = std::chrono::duration_cast<Duration>(parameters.ack_timeout * factor);
    due_ = turn.now + timeout_;
}

bool Retransmission::advance(const TransmissionParameters& parameters, Instant now) {
    if (sent_again_ >= parameters.max_retransmit) {
        due_ = never;
        return false;
    }
    ++sent_again_;
    if (timeout_ < timeout_max) timeout_ *= 2;
    due_ = now + timeout_;
    return true;
}

}  // namespace scef::coap
