#include "quota/time_zone.h"

#include <gtest/gtest.h>

#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

local_seconds wall(year_month_day date, seconds time) { return local_days(date) + time; }

TEST(TimeZone, shows_its_offset_on_both_sides_of_a_transition) {
    const auto zone = test::berlin();
    const sys_seconds spring = sys_days(2026y / March / 29) + 1h;
    EXPECT_EQ(zone->local(spring - 1s), wall(2026y / March / 29, 1h + 59min + 59s));
    EXPECT_EQ(zone->local(spring), wall(2026y / March / 29, 3h));
}

TEST(TimeZone, what_a_gap_leaves_out_is_first_shown_behind_it) {
    const auto zone = test::berlin();
    const sys_seconds spring = sys_days(2026y / March / 29) + 1h;
    EXPECT_EQ(zone->first_showing(wall(2026y / March / 29, 2h + 30min)), spring);
    EXPECT_EQ(zone->first_showing(wall(2026y / March / 29, 3h)), spring);
    EXPECT_EQ(zone->first_showing(wall(2026y / March / 29, 3h + 1s)), spring + 1s);
}

TEST(TimeZone, what_is_shown_twice_counts_the_first_time) {
    const auto zone = test::berlin();
    EXPECT_EQ(zone->first_showing(wall(2026y / October / 25, 2h + 30min)),
              sys_days(2026y / October / 25) + 30min);
}

TEST(TimeZone, without_transitions_its_offset_always_holds) {
    const auto zone = test::kathmandu();
    EXPECT_EQ(zone->first_showing(wall(1900y / January / 1, 0s)),
              sys_days(1899y / December / 31) + 18h + 15min);
    EXPECT_EQ(zone->local(sys_days(2200y / January / 1)), wall(2200y / January / 1, 5h + 45min));
}

TEST(TimeZone, a_date_that_never_was_begins_with_the_next) {
    const auto zone = test::apia();
    EXPECT_EQ(zone->first_showing(local_days(2011y / December / 30)),
              zone->first_showing(local_days(2011y / December / 31)));
}

}  // namespace
}  // namespace scef::quota
