#pragma once

#include <string>
#include <variant>

#include "quota/lease_messages.h"
#include "scef-adapter/engine/direction.h"

namespace scef::adapter {

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
