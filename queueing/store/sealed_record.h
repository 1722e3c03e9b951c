#pragma once

#include <optional>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::queueing {

/// The stored form of a value: CRC-32C (4 octets, big-endian, over key and value), then the value.
/// The key is covered so that a value which strays to another key is noticed.
Bytes seal(ByteView stored_key, ByteView value);

/// The value of a stored form, a view into `sealed`; nothing if it is not what was sealed.
std::optional<ByteView> unseal(ByteView stored_key, ByteView sealed);

}  // namespace scef::queueing
