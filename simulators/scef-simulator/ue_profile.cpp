#include "simulators/scef-simulator/ue_profile.h"

#include <array>
#include <utility>

namespace scef::scef_simulator {
namespace {

constexpr std::array<std::pair<HopReport, std::string_view>, 4> hop_names{{
    {HopReport::acknowledged, "acknowledged"},
    {HopReport::unacknowledged, "unacknowledged"},
    {HopReport::unspecified, "unspecified"},
    {HopReport::failing, "failing"},
}};

constexpr std::array<std::pair<RdsConduct, std::string_view>, 3> rds_names{{
    {RdsConduct::acknowledging, "acknowledging"},
    {RdsConduct::silent, "silent"},
    {RdsConduct::disabled, "disabled"},
}};

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
    for (const auto& [known, name] : table) {
        if (known == value) return name;
    }
    return table[0].second;
}

template <typename Value, std::size_t size>
std::optional<Value> value_in(const std::array<std::pair<Value, std::string_view>, size>& table,
                              std::string_view name) {
    for (const auto& [value, known] : table) {
        if (known == name) return value;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(HopReport report) { return name_in(hop_names, report); }

std::optional<HopReport> hop_report_of(std::string_view name) { return value_in(hop_names, name); }

std::string_view name_of(RdsConduct conduct) { return name_in(rds_names, conduct); }

std::optional<RdsConduct> rds_conduct_of(std::string_view name) {
    return value_in(rds_names, name);
}

UeProfile first_profile(const Settings& settings) {
    UeProfile profile;
    profile.timers = settings.timers;
    profile.rates = settings.rate_control;
    profile.buffer = {settings.buffering, settings.buffered_max, settings.buffered_octets_max};
    return profile;
}

}  // namespace scef::scef_simulator
