#pragma once

#include "lwm2m-core/vocabulary/turn.h"

/// How long uplinks and the answers to them are worth anything (docs/exchanges.md, U3-U9).
namespace scef::adapter {

/// What the device asks again by itself waits no longer than this for its server (U4).
inline constexpr Duration registration_life = std::chrono::seconds(60);
/// Notify, Send and opaque frames wait this long for their server.
inline constexpr Duration data_life = std::chrono::hours(24);

}  // namespace scef::adapter
