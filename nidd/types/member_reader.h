#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// Whether a text may be a value of an open enumeration: 1 to 128 printable ASCII characters
/// without blanks.
bool is_word(std::string_view text);

/// Reads the members of one JSON object and remembers the first that is wrong, so that a type's
/// reader is a plain list of its members. A member that is JSON null counts as absent. Does not own
/// the object.
class MemberReader {
public:
    explicit MemberReader(const nlohmann::json& value);

    bool has(const char* name) const { return find(name) != nullptr; }

    std::optional<std::string> text(const char* name);
    /// A value of an open enumeration (`is_word`).
    std::optional<std::string> word(const char* name);
    /// Not empty.
    std::string required_text(const char* name);
    std::optional<bool> boolean(const char* name);
    std::optional<WallTime> time(const char* name);
    /// Base64 of RFC 4648, at least one octet.
    Bytes required_data(const char* name);
    /// A whole number or a fraction from 0 to `max`.
    std::optional<double> real(const char* name, double max);
    const nlohmann::json* object(const char* name);
    const nlohmann::json* array(const char* name);

    template <typename Number>
    std::optional<Number> number(const char* name) {
        const auto value = unsigned_number(name, std::numeric_limits<Number>::max());
        if (!value) return std::nullopt;
        return static_cast<Number>(*value);
    }
    template <typename Number>
    Number required_number(const char* name) {
        const auto value = number<Number>(name);
        if (!value) refuse(std::string("member ") + name + " is missing");
        return value.value_or(Number{});
    }

    /// Keeps the first problem; `message` is fixed text, never an echo.
    void refuse(std::string message);
    /// Takes over the problem of a nested object's reader.
    void absorb(const MemberReader& nested);

    /// The value, or the first problem as `malformed`.
    template <typename T>
    Result<T> finish(T value) const {
        if (problem_) return fail(Errc::malformed, *problem_);
        return value;
    }

private:
    const nlohmann::json* find(const char* name) const;
    std::optional<std::uint64_t> unsigned_number(const char* name, std::uint64_t max);

    const nlohmann::json& value_;
    std::optional<std::string> problem_;
};

}  // namespace scef::nidd
