#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::lwm2m_server_simulator {

/// Readers of what the body of a call holds. Each gives `invalid_argument` with a sentence that
/// names the member.

/// A number of seconds or a text like `30s`.
Result<Duration> read_duration(const nlohmann::json& value, const char* name);
/// The same of a member that may be absent.
Result<std::optional<Duration>> read_duration_member(const nlohmann::json& body, const char* name);

/// A number from 0 to `max`; nothing if it is absent.
Result<std::optional<std::uint32_t>> read_number(const nlohmann::json& body, const char* name,
                                                 std::uint32_t max);

/// True or false; `absent` if it is not there.
Result<bool> read_flag(const nlohmann::json& body, const char* name, bool absent);

/// The text of a path of `deepest` ids at most.
Result<std::string> read_path(const nlohmann::json& body, std::size_t deepest = 4);

/// The paths of a composite operation, at least one.
Result<std::vector<std::string>> read_paths(const nlohmann::json& body);

/// A content format by number or name; nothing if it is absent.
Result<std::optional<std::uint16_t>> read_format(const nlohmann::json& body, const char* name);

}  // namespace scef::lwm2m_server_simulator
