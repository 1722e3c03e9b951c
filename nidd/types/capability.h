#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// The last path segment of a `notificationDestination`: says where the device lives and proves, by
/// 128 random bits that only we and the SCEF know, that the caller may speak for it. Text form: 44
/// lower-case hexadecimal digits: shard (4), device index in the shard (8), secret (32).
struct Capability {
    ShardId shard = 0;
    std::uint32_t device = 0;
    std::array<std::uint8_t, 16> secret{};

    static Capability make(ShardId shard, std::uint32_t device, Random& random);
    static std::optional<Capability> parse(std::string_view text);
    std::string text() const;
    /// Compares the secrets in constant time.
    bool proves(const Capability& expected) const;
};

}  // namespace scef::nidd
