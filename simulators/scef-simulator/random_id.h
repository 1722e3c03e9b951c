#pragma once

#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::scef_simulator {

/// The name of a new resource: 16 hexadecimal digits.
inline std::string random_id(Random& random) {
    const std::uint64_t bits = random.next();
    Bytes octets;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        octets.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
    return to_hex(octets);
}

}  // namespace scef::scef_simulator
