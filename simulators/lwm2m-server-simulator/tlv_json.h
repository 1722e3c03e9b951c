#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"
#include "simulators/lwm2m-server-simulator/tlv.h"

namespace scef::lwm2m_server_simulator {

/// The entries of an answer to a Read of `path` as JSON objects keyed by id; a Read of one resource
/// gives its bare value. A value of a type that is not known by `type_of_resource` is taken for
/// text if it is printable, for an integer if it has 1, 2, 4 or 8 octets, else it becomes base64.
nlohmann::json json_of_tlv(const std::vector<Tlv>& entries, const std::vector<std::uint16_t>& path);

/// The entries that write `values` at `path`: an object of values by resource id for an instance
/// (`{"0": "x", "6": {"0": 1}}`), an object by instance id for an object, one value for a resource.
Result<std::vector<Tlv>> tlv_of_json(const nlohmann::json& values,
                                     const std::vector<std::uint16_t>& path);

}  // namespace scef::lwm2m_server_simulator
