#pragma once

#include <cstdint>
#include <optional>

#include <nlohmann/json.hpp>

#include "simulators/modem-simulator/simulation.h"

namespace scef::modem_simulator {

/// The control API's view of things, as JSON (README.md).
nlohmann::json device_json(const Device& device);
nlohmann::json totals_json(const Totals& totals);
/// Entries with a number above `after`.
nlohmann::json log_json(const FrameLog& log, std::uint64_t after);
nlohmann::json value_json(const client::Value& value);
/// Nothing for null, arrays and objects. A text may later become octets (base64).
std::optional<client::Value> value_from_json(const nlohmann::json& json);

}  // namespace scef::modem_simulator
