#pragma once

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::coap {

/// Transmission parameters and the times derived from them (RFC 7252 4.8).
struct TransmissionParameters {
    Duration ack_timeout = std::chrono::seconds(2);
    double ack_random_factor = 1.5;
    unsigned max_retransmit = 4;
};

inline constexpr Duration exchange_lifetime = std::chrono::seconds(247);
inline constexpr Duration max_transmit_wait = std::chrono::seconds(93);

/// The retransmission clock of one confirmable message: 2-3 s, then doubling, at most
/// `max_retransmit` copies after the first (RFC 7252 4.2). Pure; the owner sends and keeps time.
class Retransmission {
public:
    Retransmission() = default;
    /// Starts at the first transmission.
    Retransmission(const TransmissionParameters& parameters, Turn& turn);

    /// When the next copy is due, or when the sender gives up.
    Instant due() const { return due_; }
    /// Call at `due()`: true if a copy is to be sent now, false if it is time to give up.
    bool advance(const TransmissionParameters& parameters, Instant now);

private:
    Instant due_ = never;
    Duration timeout_{};
    unsigned sent_again_ = 0;
};

}  // namespace scef::coap
