#include "scef-adapter/config/time_zone_rule.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using quota::TimeZone;

/// The transitions of 2001 by the rule.
std::vector<TimeZone::Transition> in_2001(const char* rule) {
    const auto parsed = TimeZoneRule::parse(rule);
    EXPECT_TRUE(parsed) << rule;
    if (!parsed) return {};
    const TimeZone before("x", 0s, {{sys_days(2001y / January / 1), 0s}});
    const auto all = parsed->continued(before, 2001).transitions();
    return {all.begin() + 1, all.end()};
}

TEST(TimeZoneRule, summer_time_begins_and_ends_on_a_weekday_of_a_month) {
    const std::vector<TimeZone::Transition> expected{{sys_days(2001y / March / 25) + 1h, 2h},
                                                     {sys_days(2001y / October / 28) + 1h, 1h}};
    EXPECT_EQ(in_2001("CET-1CEST,M3.5.0,M10.5.0/3"), expected);
}

TEST(TimeZoneRule, names_in_brackets_and_offsets_of_half_an_hour_are_read) {
    const std::vector<TimeZone::Transition> expected{
        {sys_days(2001y / March / 31) + 15h, 10h + 30min},
        {sys_days(2001y / October / 6) + 15h + 30min, 11h}};
    EXPECT_EQ(in_2001("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"), expected);
}

TEST(TimeZoneRule, days_are_counted_with_and_without_the_leap_day) {
    EXPECT_EQ(in_2001("AAA0BBB,J60/0,59/12").front().at, sys_days(2001y / March / 1) + 0h);
    const TimeZone before("x", 0s, {{sys_days(2004y / January / 1), 0s}});
    const auto rule = TimeZoneRule::parse("AAA0BBB,J60/0,300");
    EXPECT_EQ(rule->continued(before, 2004).transitions()[1].at, sys_days(2004y / March / 1) + 0h);
}

TEST(TimeZoneRule, a_place_without_summer_time_keeps_its_offset) {
    const TimeZone before("x", 20700s, {});
    EXPECT_EQ(TimeZoneRule::parse("<+0545>-5:45")->continued(before, 2100), before);
}

TEST(TimeZoneRule, what_is_no_rule_is_refused) {
    for (const char* text :
         {"", "A", "CET", "CET-", "CET-99", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
          "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
          "CET-1CEST,J0,J366", "CET-1CEST,M3.5.0,M10.5.0,", "<+05-5",
          "CET-1CEST,M3.5.0/,M10.5.0"}) {
        EXPECT_FALSE(TimeZoneRule::parse(text)) << text;
    }
}

}  // namespace
}  // namespace scef::adapter
