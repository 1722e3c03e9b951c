#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/calendar_period.h"

/// Zones made from their rules, from 2000 to 2060, and instants by their date.
namespace scef::quota::test {

using namespace std::chrono_literals;

struct SummerTime {
    std::function<std::chrono::sys_seconds(std::chrono::year)> begins, ends;  ///< in UTC
};

inline std::shared_ptr<const TimeZone> zone_of(const std::string& name,
                                               std::chrono::seconds standard,
                                               std::chrono::seconds summer, SummerTime rule,
                                               bool south = false) {
    std::vector<TimeZone::Transition> transitions;
    for (std::chrono::year year(2000); year <= std::chrono::year(2060); ++year) {
        const TimeZone::Transition begin{rule.begins(year), summer};
        const TimeZone::Transition end{rule.ends(year), standard};
        transitions.push_back(south ? end : begin);
        transitions.push_back(south ? begin : end);
    }
    return std::make_shared<const TimeZone>(name, south ? summer : standard,
                                            std::move(transitions));
}

inline std::chrono::sys_seconds sunday(std::chrono::year year, std::chrono::month month,
                                       unsigned week, Duration time) {
    using namespace std::chrono;
    const sys_days date =
        week == 5 ? sys_days(year / month / Sunday[last]) : sys_days(year / month / Sunday[week]);
    return date + floor<seconds>(time);
}

inline std::shared_ptr<const TimeZone> berlin() {
    using namespace std::chrono;
    return zone_of("Europe/Berlin", 1h, 2h,
                   {[](year y) { return sunday(y, March, 5, 1h); },
                    [](year y) { return sunday(y, October, 5, 1h); }});
}
inline std::shared_ptr<const TimeZone> new_york() {
    using namespace std::chrono;
    return zone_of("America/New_York", -5h, -4h,
                   {[](year y) { return sunday(y, March, 2, 7h); },
                    [](year y) { return sunday(y, November, 1, 6h); }});
}
/// Half an hour of summer time.
inline std::shared_ptr<const TimeZone> lord_howe() {
    using namespace std::chrono;
    return zone_of("Australia/Lord_Howe", 10h + 30min, 11h,
                   {[](year y) { return sunday(y, October, 1, 2h - (10h + 30min)); },
                    [](year y) { return sunday(y, April, 1, 2h - 11h); }},
                   true);
}
inline std::shared_ptr<const TimeZone> kathmandu() {
    return std::make_shared<const TimeZone>("Asia/Kathmandu", 5h + 45min,
                                            std::vector<TimeZone::Transition>{});
}
/// The clock is set back at midnight: the hour before it comes twice.
inline std::shared_ptr<const TimeZone> havana() {
    using namespace std::chrono;
    return zone_of("America/Havana", -5h, -4h,
                   {[](year y) { return sunday(y, March, 2, 5h); },       // 00:00 becomes 01:00
                    [](year y) { return sunday(y, November, 1, 4h); }});  // 00:00 becomes 23:00
}
/// One that went over the date line: 2011-12-30 never was.
inline std::shared_ptr<const TimeZone> apia() {
    using namespace std::chrono;
    return std::make_shared<const TimeZone>(
        "Pacific/Apia", -10h,
        std::vector<TimeZone::Transition>{{sys_days(2011y / December / 30) + 10h, 14h}});
}

/// UTC.
inline WallTime utc(int year, unsigned month, unsigned day, Duration time = {}) {
    using namespace std::chrono;
    const sys_days date =
        std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
    return WallTime(date.time_since_epoch() + time);
}

inline CalendarPeriod daily(std::shared_ptr<const TimeZone> zone = nullptr) {
    CalendarPeriod period;
    period.kind = CalendarPeriod::Kind::day;
    period.zone = std::move(zone);
    return period;
}
inline CalendarPeriod weekly(std::shared_ptr<const TimeZone> zone = nullptr) {
    CalendarPeriod period = daily(std::move(zone));
    period.kind = CalendarPeriod::Kind::week;
    return period;
}
inline CalendarPeriod monthly(std::shared_ptr<const TimeZone> zone = nullptr,
                              unsigned billing_day = 1) {
    CalendarPeriod period = daily(std::move(zone));
    period.kind = CalendarPeriod::Kind::month;
    period.billing_day = static_cast<std::uint8_t>(billing_day);
    return period;
}
inline CalendarPeriod every(Duration length) {
    CalendarPeriod period;
    period.length = length;
    return period;
}

}  // namespace scef::quota::test
