#include "simulators/scef-simulator/radio.h"

#include <array>
#include <utility>

namespace scef::scef_simulator {
namespace {

constexpr std::array<std::pair<Coverage, std::string_view>, 3> names{{
    {Coverage::normal, "normal"},
    {Coverage::robust, "robust"},
    {Coverage::extreme, "extreme"},
}};

}  // namespace

std::string_view name_of(Coverage coverage) {
    for (const auto& [value, name] : names) {
        if (value == coverage) return name;
    }
    return "normal";
}

std::optional<Coverage> coverage_of(std::string_view name) {
    for (const auto& [value, known] : names) {
        if (known == name) return value;
    }
    return std::nullopt;
}

const RadioPath& RadioPaths::of(Coverage coverage) const {
    switch (coverage) {
        case Coverage::robust:
            return robust;
        case Coverage::extreme:
            return extreme;
        case Coverage::normal:
            break;
    }
    return normal;
}

}  // namespace scef::scef_simulator
