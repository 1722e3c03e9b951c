#include "scef-adapter/engine/rate_control_report.h"

#include <algorithm>
#include <array>

namespace scef::adapter {
namespace {

using TimeUnit = RateControlReport::TimeUnit;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::uint16_t apn_connection_profile = 11;
constexpr std::uint16_t first_resource = 25;

/// Which values are believed of resources 25 to 29.
struct Range {
    std::int64_t least, most;
};
constexpr Range rates{1, 0xffffff}, plmn_rates{10, 0xffff}, units{0, 4};
constexpr std::array<Range, 5> believed{rates, plmn_rates, units, rates, units};

/// Calls `each(instance, resource, value)` with what is believed.
template <typename Each>
void for_each_told(const std::vector<lwm2m::ReportedValue>& values, Each each) {
    for (const lwm2m::ReportedValue& value : values) {
        const lwm2m::Path& path = value.path;
        if (path.depth() != 3 || path.object() != apn_connection_profile) continue;
        if (path.resource() < first_resource) continue;
        const std::size_t place = path.resource() - first_resource;
        if (place >= believed.size()) continue;
        const auto number = value.integer();
        if (!number || *number < believed[place].least || *number > believed[place].most) continue;
        each(path.instance(), path.resource(), static_cast<std::uint32_t>(*number));
    }
}

std::optional<quota::Rate> limit_of(std::uint32_t rate, TimeUnit unit) {
    if (rate == 0) return std::nullopt;
    switch (unit) {
        case TimeUnit::minute:
            return quota::Rate{rate, minutes(1)};
        case TimeUnit::hour:
            return quota::Rate{rate, hours(1)};
        case TimeUnit::day:
            return quota::Rate{rate, hours(24)};
        case TimeUnit::week:
            return quota::Rate{rate, hours(168)};
        case TimeUnit::not_told:
        case TimeUnit::unrestricted:
            break;
    }
    return std::nullopt;
}

}  // namespace

bool RateControlReport::is_told() const { return *this != RateControlReport{.instance = instance}; }

std::optional<quota::Rate> RateControlReport::plmn_limit() const {
    if (plmn_rate == 0 || plmn_rate == plmn_unrestricted) return std::nullopt;
    return quota::Rate{plmn_rate, minutes(6)};
}

std::optional<quota::Rate> RateControlReport::apn_limit() const {
    return limit_of(apn_rate, apn_unit);
}

std::optional<quota::Rate> RateControlReport::exception_limit() const {
    return limit_of(exception_rate, exception_unit);
}

RateControlReport learn_rate_control(RateControlReport report,
                                     const std::vector<lwm2m::ReportedValue>& values) {
    std::optional<std::uint16_t> lowest;
    for_each_told(values, [&](std::uint16_t instance, std::uint16_t, std::uint32_t) {
        lowest = std::min(lowest.value_or(instance), instance);
    });
    if (!lowest) return report;
    if (*lowest != report.instance) report = {.instance = *lowest};
    for_each_told(values, [&](std::uint16_t instance, std::uint16_t resource, std::uint32_t value) {
        if (instance != *lowest) return;
        const auto unit = static_cast<TimeUnit>(value + 1);
        if (resource == 25) report.apn_rate = value;
        if (resource == 26) report.plmn_rate = static_cast<std::uint16_t>(value);
        if (resource == 27) report.apn_unit = unit;
        if (resource == 28) report.exception_rate = value;
        if (resource == 29) report.exception_unit = unit;
    });
    return report;
}

}  // namespace scef::adapter
