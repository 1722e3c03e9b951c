#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace scef::adapter {

/// Of a frame between server and device. Stored: append only.
enum class Direction : std::uint8_t { downlink, uplink };
inline constexpr std::size_t directions = 2;

constexpr std::string_view name_of(Direction direction) {
    return direction == Direction::downlink ? "downlink" : "uplink";
}

}  // namespace scef::adapter
