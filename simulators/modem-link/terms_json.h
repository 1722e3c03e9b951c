#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "simulators/modem-link/frame.h"

/// The members `powerSaving` and `terms` of a frame. Times are whole milliseconds.
namespace scef::modem_link {

nlohmann::json to_json(const PowerSaving& power_saving);
nlohmann::json to_json(const NetworkTerms& terms);

/// Nothing for what is no such object; unknown members are left alone.
std::optional<PowerSaving> power_saving_from_json(const nlohmann::json& json);
std::optional<NetworkTerms> terms_from_json(const nlohmann::json& json);

}  // namespace scef::modem_link
