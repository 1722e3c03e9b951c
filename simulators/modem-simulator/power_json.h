#pragma once

#include <nlohmann/json.hpp>

#include "simulators/modem-simulator/simulation.h"

namespace scef::modem_simulator {

/// `energy` of one device: mAh, mean current, how long its battery would last so, and what each
/// state and kind of transfer took.
nlohmann::json energy_json(const Device& device, Instant now);

/// `energy` of all devices together, and of the one that spends most.
nlohmann::json energy_json(const Simulation& simulation, Instant now);

}  // namespace scef::modem_simulator
