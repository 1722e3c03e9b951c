#pragma once

#include <cstdint>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::bench {

/// Ports that are free now and that no other process gets which asks in this way: the tests that
/// run at the same time do, by the same files (scripts/play/ports.py). Held until its end.
class PortReservation {
public:
    /// One port, for TCP and UDP.
    static Result<PortReservation> one();
    /// The first of 512 UDP ports in a row.
    static Result<PortReservation> in_a_row();
    PortReservation(PortReservation&& other) noexcept;
    PortReservation& operator=(PortReservation&&) = delete;
    ~PortReservation();

    std::uint16_t first() const { return first_; }

private:
    PortReservation(std::uint16_t first, int lock) : first_(first), lock_(lock) {}

    std::uint16_t first_;
    int lock_;
};

}  // namespace scef::bench
