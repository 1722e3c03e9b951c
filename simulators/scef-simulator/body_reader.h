#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::scef_simulator {

/// One entry of `invalidParams`: a JSON Pointer and what is wrong there.
struct InvalidParam {
    std::string param;
    std::string reason;
};

/// Reads a JSON text of at most 1 MiB, 16 levels deep. The one place that meets the parser's
/// errors; nothing here throws.
Result<nlohmann::json> parse_json(std::string_view text);

/// JSON text of a value; octets that are no UTF-8 become U+FFFD.
std::string dump(const nlohmann::json& value);

/// Reads members of a JSON object and collects what is wrong with them. A member that is absent, or
/// null, is no value; one of another type is a complaint and no value.
class BodyReader {
public:
    BodyReader(const nlohmann::json& object, std::vector<InvalidParam>& complaints,
               std::string prefix = "");

    bool has(const char* name) const;
    bool is_null(const char* name) const;
    std::optional<std::string> text(const char* name);
    std::optional<bool> boolean(const char* name);
    std::optional<std::int64_t> integer(const char* name, std::int64_t min, std::int64_t max);

    std::optional<double> number(const char* name, double min, double max);

    /// The JSON of an object or array member, as text; empty if absent.
    std::string raw(const char* name);
    const nlohmann::json* array(const char* name);

    void complain(const char* name, std::string reason);

private:
    const nlohmann::json* member(const char* name) const;

    const nlohmann::json& object_;
    std::vector<InvalidParam>& complaints_;
    std::string prefix_;
};

}  // namespace scef::scef_simulator
