#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::nidd {

struct JsonLimits {
    std::size_t octets = std::size_t{64} * 1024;
    std::size_t depth = 16;
    std::size_t members = 256;  ///< per object, and items per array
    std::size_t key_octets = 64;
};

/// Reads JSON from a stranger: within the limits, no duplicate members, no byte order mark, nothing
/// after the value. Never throws; the error sentence is fixed text and a position, never an echo.
Result<nlohmann::json> parse_strict_json(std::string_view text, const JsonLimits& limits = {});

/// Whether a number that is no 64-bit integer is taken, by its text: a fraction or one with an
/// exponent, of bounded length.
bool is_strict_float(std::string_view text);

/// Typed access to an object's members: nothing if absent, an error if of another type or range.
Result<std::optional<std::string>> text_member(const nlohmann::json& object, const char* name);
Result<std::optional<std::uint64_t>> unsigned_member(const nlohmann::json& object, const char* name,
                                                     std::uint64_t max);
Result<std::optional<bool>> bool_member(const nlohmann::json& object, const char* name);

/// JSON text of a value; octets that are no UTF-8 become U+FFFD instead of an exception.
std::string dump(const nlohmann::json& value);

}  // namespace scef::nidd
