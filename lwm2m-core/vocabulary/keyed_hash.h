#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {

/// SipHash-2-4 (Aumasson, Bernstein 2012): a 64-bit hash that nobody who lacks the key can steer.
/// For tables whose keys others choose; the key is drawn at random and never leaves the process.
class KeyedHash {
public:
    KeyedHash(std::uint64_t key_low, std::uint64_t key_high)
        : key_low_(key_low), key_high_(key_high) {}

    std::uint64_t operator()(ByteView octets) const;

private:
    std::uint64_t key_low_, key_high_;
};

}  // namespace scef
