#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// A content format that LwM2M 1.1 uses (Core TS 7.4), by its number or by one of these names:
/// text, link, opaque, cbor, senml-json, senml-cbor, tlv. Any other number up to 65535 is taken,
/// so that it can be seen what a client answers to it; other names are `invalid_argument`.
Result<std::uint16_t> read_content_format(const nlohmann::json& value);

/// Its name, or its number as text if it has none.
std::string content_format_name(std::uint32_t number);

}  // namespace scef::lwm2m_server_simulator
