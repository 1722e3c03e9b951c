#pragma once

#include <variant>

#include "simulators/modem-simulator/settings.h"

namespace scef::modem_simulator {

/// Reads the command line. Help, version and mistakes are printed here; then the exit status is
/// given instead of settings.
std::variant<Settings, int> parse_options(int argc, const char* const* argv);

}  // namespace scef::modem_simulator
