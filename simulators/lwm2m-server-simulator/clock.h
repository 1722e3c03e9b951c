#pragma once

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::lwm2m_server_simulator {

inline Instant steady_now() { return Instant(std::chrono::steady_clock::now().time_since_epoch()); }
inline WallTime wall_now() { return WallTime(std::chrono::system_clock::now().time_since_epoch()); }

}  // namespace scef::lwm2m_server_simulator
