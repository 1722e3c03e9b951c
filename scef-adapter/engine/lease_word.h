#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "quota/lease_messages.h"

namespace scef::adapter {

/// Stored: append only.
enum class Direction : std::uint8_t { downlink, uplink };
inline constexpr std::size_t directions = 2;

constexpr std::string_view name_of(Direction direction) {
    return direction == Direction::downlink ? "downlink" : "uplink";
}

/// The SCEF said that nothing of a scope passes until then (calendar time).
struct ScopeExhausted {
    WallTime until{};
};

/// What the engines of two shards say to each other about the quota of a shared scope; an engine
/// speaks to itself in the same way. One that is lost or comes twice does no harm.
struct LeaseWord {
    std::string scope;
    Direction direction = Direction::downlink;
    std::variant<quota::LeaseAsk, quota::LeaseGrant, ScopeExhausted> word;
};

}  // namespace scef::adapter
