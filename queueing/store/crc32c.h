#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::queueing {

/// CRC-32C (Castagnoli, RFC 3720 B.4) of `octets`, continuing from `before`: the check of `a` then
/// `b` is `crc32c(b, crc32c(a))`.
std::uint32_t crc32c(ByteView octets, std::uint32_t before = 0);

}  // namespace scef::queueing
