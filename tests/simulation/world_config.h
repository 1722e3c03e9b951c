#pragma once

#include "scef-adapter/config/config.h"

namespace scef::simulation {

inline constexpr std::uint16_t lwm2m_port = 5683, bootstrap_port = 5693, client_port = 40000;

/// A configuration drawn from chance: limits that are met, profiles of all kinds.
adapter::Config draw_config(Random& random);

}  // namespace scef::simulation
