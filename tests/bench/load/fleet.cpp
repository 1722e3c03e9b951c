#include "tests/bench/load/fleet.h"

#include <charconv>

namespace scef::bench {
namespace {

constexpr std::size_t digits = 7;

std::string name_of(std::size_t number) {
    const std::string text = std::to_string(number);
    return "device-" + std::string(digits - text.size(), '0') + text;
}

}  // namespace

std::string Fleet::external_id(std::size_t number) {
    return name_of(number) + "@iot.operator.example";
}

std::string Fleet::configuration_id(std::size_t number) {
    return "configuration-of-" + name_of(number);
}

std::optional<std::size_t> Fleet::number_of(std::string_view name) {
    const auto at = name.find("device-");
    if (at == std::string_view::npos || name.size() < at + 7 + digits) return std::nullopt;
    const char* begin = name.data() + at + 7;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(begin, begin + digits, number);
    if (error != std::errc{} || end != begin + digits) return std::nullopt;
    return number;
}

}  // namespace scef::bench
