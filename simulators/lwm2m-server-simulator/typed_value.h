#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"

namespace scef::lwm2m_server_simulator {

/// `value` of a call's body as the kind of JSON value that fits the resource's type: `"600"` for an
/// integer becomes 600, 1 for a Boolean true, 5 for a text "5". Without a known type text, numbers
/// and Booleans stay. `invalid_argument`, naming `path`, for what does not fit.
Result<nlohmann::json> typed_value(const nlohmann::json& value, std::optional<ValueType> type,
                                   const std::string& path);

/// Object and instance of an object link such as `10:0`.
std::optional<std::pair<std::uint16_t, std::uint16_t>> read_object_link(std::string_view text);

/// The members of an object whose keys are ids from 0 to 65535, by id; they point into `object`.
Result<std::vector<std::pair<std::uint16_t, const nlohmann::json*>>> members_by_id(
    const nlohmann::json& object);

}  // namespace scef::lwm2m_server_simulator
