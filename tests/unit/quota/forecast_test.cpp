#include "quota/forecast.h"

#include <gtest/gtest.h>

#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
using test::utc;

const Window april{utc(2026, 4, 1), utc(2026, 5, 1)};

TEST(Forecast, goes_on_at_the_pace_since_the_window_began) {
    EXPECT_EQ(exhaustion_forecast(500, 1000, april, utc(2026, 4, 11)), utc(2026, 4, 21));
}

TEST(Forecast, what_lasts_until_the_window_ends_is_not_exhausted) {
    EXPECT_EQ(exhaustion_forecast(333, 1000, april, utc(2026, 4, 11)), std::nullopt);
}

TEST(Forecast, what_is_used_up_is_so_now_and_what_is_unused_tells_nothing) {
    EXPECT_EQ(exhaustion_forecast(1000, 1000, april, utc(2026, 4, 2)), utc(2026, 4, 2));
    EXPECT_EQ(exhaustion_forecast(0, 1000, april, utc(2026, 4, 2)), std::nullopt);
    EXPECT_EQ(exhaustion_forecast(10, 1000, april, april.begin), std::nullopt);
}

}  // namespace
}  // namespace scef::quota
