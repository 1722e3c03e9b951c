#include "lwm2m-core/lwm2m/value.h"

#include <array>
#include <charconv>
#include <cmath>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::lwm2m {
namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || rest != end || text.empty()) return std::nullopt;
    return number;
}

std::optional<Value> parse_opaque(std::string_view text) {
    auto octets = from_base64(text);
    if (!octets) return std::nullopt;
    return Value(std::move(*octets));
}

std::optional<Value> parse_float(std::string_view text) {
    const auto number = parse_number<double>(text);
    if (!number || !std::isfinite(*number)) return std::nullopt;
    return Value(*number);
}

std::optional<Value> to_integer(double number) {
    constexpr double exact_max = 9007199254740992.0;  // 2^53
    if (std::abs(number) > exact_max || std::trunc(number) != number) return std::nullopt;
    return Value(static_cast<std::int64_t>(number));
}

}  // namespace

std::string number_text(double number) {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    return error == std::errc{} ? std::string(buffer.data(), end) : std::string("0");
}

std::string to_plain_text(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
    if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "1" : "0";
    return to_base64(std::get<Bytes>(value));
}

std::optional<Value> from_plain_text(std::string_view text, DataType type) {
    switch (type) {
        case DataType::text:
            return is_utf8(as_bytes(text)) ? std::optional(Value(std::string(text))) : std::nullopt;
        case DataType::object_link:
            if (object_link_ids(text)) return Value(std::string(text));
            return std::nullopt;
        case DataType::unsigned_integer: {
            const auto number = parse_number<std::int64_t>(text);
            return number && *number >= 0 ? std::optional(Value(*number)) : std::nullopt;
        }
        case DataType::integer:
        case DataType::time:
            if (const auto number = parse_number<std::int64_t>(text)) return Value(*number);
            return std::nullopt;
        case DataType::floating:
            return parse_float(text);
        case DataType::boolean:
            if (text == "0" || text == "1") return Value(text == "1");
            return std::nullopt;
        case DataType::opaque:
            return parse_opaque(text);
    }
    return std::nullopt;
}

std::optional<std::pair<std::uint16_t, std::uint16_t>> object_link_ids(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto object = parse_number<std::uint16_t>(text.substr(0, colon));
    const auto instance = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!object || !instance) return std::nullopt;
    return std::pair(*object, *instance);
}

std::optional<double> as_number(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        return static_cast<double>(*integer);
    }
    if (const auto* number = std::get_if<double>(&value)) return *number;
    return std::nullopt;
}

std::optional<Value> convert(const Value& value, DataType type) {
    const auto* const text = std::get_if<std::string>(&value);
    const bool fits =
        (type == DataType::text && text != nullptr) ||
        (type == DataType::object_link && text != nullptr && object_link_ids(*text)) ||
        (type == DataType::boolean && std::holds_alternative<bool>(value)) ||
        (type == DataType::opaque && std::holds_alternative<Bytes>(value));
    if (fits) return value;
    const auto number = as_number(value);
    if (!number) return std::nullopt;
    if (type == DataType::floating) return Value(*number);
    const bool is_unsigned = type == DataType::unsigned_integer;
    if (type != DataType::integer && type != DataType::time && !is_unsigned) return std::nullopt;
    if (is_unsigned && *number < 0) return std::nullopt;
    return std::holds_alternative<std::int64_t>(value) ? std::optional(value) : to_integer(*number);
}

}  // namespace scef::lwm2m
