#include "simulators/lwm2m-server-simulator/typed_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "lwm2m-core/vocabulary/base64.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

/// All of `text` as a number, or nothing.
template <typename Number>
std::optional<Number> to_number(std::string_view text) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<json> as_integer(const json& value) {
    if (value.is_number_integer()) {
        const bool fits = !value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX;
        return fits ? std::optional(value) : std::nullopt;
    }
    if (value.is_string()) {
        const auto number = to_number<std::int64_t>(value.get_ref<const std::string&>());
        return number ? std::optional<json>(*number) : std::nullopt;
    }
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();
    if (std::trunc(number) != number || std::abs(number) > 9e15) return std::nullopt;
    return json(static_cast<std::int64_t>(number));
}

std::optional<json> as_float(const json& value) {
    if (value.is_number()) return json(value.get<double>());
    if (!value.is_string()) return std::nullopt;
    const auto number = to_number<double>(value.get_ref<const std::string&>());
    return number ? std::optional<json>(*number) : std::nullopt;
}

std::optional<json> as_boolean(const json& value) {
    if (value.is_boolean()) return value;
    if (value == 1 || value == "1" || value == "true") return json(true);
    if (value == 0 || value == "0" || value == "false") return json(false);
    return std::nullopt;
}

std::optional<json> as_string(const json& value) {
    if (value.is_string()) return value;
    if (value.is_boolean() || value.is_number()) return json(value.dump());
    return std::nullopt;
}

std::optional<json> as_octets(const json& value) {
    const bool is_base64 = value.is_string() && from_base64(value.get_ref<const std::string&>());
    return is_base64 ? std::optional(value) : std::nullopt;
}

std::optional<json> as_object_link(const json& value) {
    const bool is_link = value.is_string() && read_object_link(value.get_ref<const std::string&>());
    return is_link ? std::optional(value) : std::nullopt;
}

struct Kind {
    std::optional<json> value;
    const char* name;
};

Kind converted(const json& value, ValueType type) {
    switch (type) {
        case ValueType::string:
            return {as_string(value), "text"};
        case ValueType::integer:
        case ValueType::unsigned_integer:
        case ValueType::time:
            return {as_integer(value), "an integer"};
        case ValueType::number:
            return {as_float(value), "a number"};
        case ValueType::boolean:
            return {as_boolean(value), "true or false"};
        case ValueType::opaque:
            return {as_octets(value), "octets in base64"};
        case ValueType::object_link:
            return {as_object_link(value), "an object link like \"10:0\""};
    }
    return {std::nullopt, "nothing"};
}

}  // namespace

Result<json> typed_value(const json& value, std::optional<ValueType> type,
                         const std::string& path) {
    if (!type) {
        if (value.is_string() || value.is_number() || value.is_boolean()) return value;
        return fail(Errc::invalid_argument,
                    "the value of " + path + " is no text, number or Boolean");
    }
    Kind kind = converted(value, *type);
    if (kind.value) return std::move(*kind.value);
    return fail(Errc::invalid_argument, "the value of " + path + " is to be " + kind.name);
}

std::optional<std::pair<std::uint16_t, std::uint16_t>> read_object_link(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto object = to_number<std::uint16_t>(text.substr(0, colon));
    const auto instance = to_number<std::uint16_t>(text.substr(colon + 1));
    if (!object || !instance) return std::nullopt;
    return std::pair{*object, *instance};
}

Result<std::vector<std::pair<std::uint16_t, const json*>>> members_by_id(const json& object) {
    std::vector<std::pair<std::uint16_t, const json*>> members;
    for (const auto& [key, value] : object.items()) {
        const auto id = to_number<std::uint16_t>(key);
        if (!id) {
            return fail(Errc::invalid_argument, "'" + key + "' is no id from 0 to 65535");
        }
        members.emplace_back(*id, &value);
    }
    std::sort(members.begin(), members.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    return members;
}

}  // namespace scef::lwm2m_server_simulator
