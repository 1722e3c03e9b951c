#include "quota/allowance.h"

#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
constexpr WallTime day{24h * 20'000};

TEST(Allowance, what_does_not_fit_waits_for_midnight) {
    Allowance allowance({100, 24h});
    allowance.charge(day + 1h, 90);
    EXPECT_EQ(allowance.earliest(day + 2h, 10), day + 2h);
    EXPECT_EQ(allowance.earliest(day + 2h, 11), day + 24h);
    EXPECT_EQ(allowance.used(day + 24h), 0u);
}

TEST(Allowance, a_message_larger_than_all_of_it_fits_an_unused_window) {
    Allowance allowance({100, 24h});
    EXPECT_EQ(allowance.earliest(day, 500), day);
    allowance.charge(day, 1);
    EXPECT_EQ(allowance.earliest(day, 500), day + 24h);
}

TEST(Allowance, a_reserve_is_left_for_others) {
    Allowance allowance({100, 24h});
    allowance.charge(day, 85);
    EXPECT_EQ(allowance.earliest(day, 10, 0.1), day + 24h);
    EXPECT_EQ(allowance.earliest(day, 10), day);
}

TEST(Allowance, a_clock_set_back_over_the_boundary_opens_no_second_allowance) {
    Allowance allowance({100, 1h});
    allowance.charge(day, 100);
    EXPECT_GT(allowance.earliest(day - 1s, 1), day - 1s);
    EXPECT_EQ(allowance.used(day - 1s), 100u);
}

TEST(Allowance, in_no_window_more_than_the_allowance_goes) {
    EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& sizes) {
        Allowance allowance({200, 1h});
        std::map<std::int64_t, std::uint64_t> naive;
        WallTime now = day;
        for (const std::uint8_t size : sizes) {
            const std::uint64_t octets = size % 100 + 1u;
            now += std::chrono::minutes(size % 7);
            const WallTime when = allowance.earliest(now, octets);
            auto& used = naive[now.time_since_epoch() / Duration(1h)];
            RC_ASSERT((when == now) == (used + octets <= 200));
            if (when > now) continue;
            allowance.charge(now, octets);
            used += octets;
        }
    }));
}

}  // namespace
}  // namespace scef::quota
