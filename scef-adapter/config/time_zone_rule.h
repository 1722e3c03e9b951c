#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string_view>

#include "quota/time_zone.h"

namespace scef::adapter {

/// A rule of POSIX's TZ variable, as in the footer of a TZif file (RFC 8536 3.3): an offset, or two
/// that take turns each year. "CET-1CEST,M3.5.0,M10.5.0/3"
class TimeZoneRule {
public:
    static std::optional<TimeZoneRule> parse(std::string_view text);

    /// The zone with the transitions of the rule after its last one, from 1970 to the end of
    /// `last_year`.
    quota::TimeZone continued(const quota::TimeZone& zone, int last_year) const;

private:
    /// The day of a year and the time on the wall at which the other offset begins.
    struct Turn {
        enum class Kind { weekday_of_month, day_without_leap, day_with_leap };
        Kind kind = Kind::weekday_of_month;
        unsigned month = 0, week = 0, day = 0;  ///< week 5: the last; day: of the week or the year
        std::chrono::seconds time{std::chrono::hours(2)};

        std::chrono::sys_days date(std::chrono::year year) const;
    };
    class Reader;

    std::chrono::seconds standard_{}, summer_{};
    bool has_summer_ = false;
    Turn begins_, ends_;  ///< of summer time
};

}  // namespace scef::adapter
