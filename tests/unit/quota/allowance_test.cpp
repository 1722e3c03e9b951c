#include "quota/allowance.h"

#include <map>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
using test::utc;
constexpr WallTime day{24h * 20'000};

const AllowanceLimit hundred_a_day{100, test::daily()};
const AllowanceLimit hundred_an_hour{100, test::every(1h)};

TEST(Allowance, what_does_not_fit_waits_for_midnight) {
    Allowance allowance(hundred_a_day);
    allowance.charge(day + 1h, 90);
    EXPECT_EQ(allowance.earliest(day + 2h, 10), day + 2h);
    EXPECT_EQ(allowance.earliest(day + 2h, 11), day + 24h);
    EXPECT_EQ(allowance.room(day + 2h), 10u);
    EXPECT_EQ(allowance.used(day + 24h), 0u);
}

TEST(Allowance, a_message_larger_than_all_of_it_fits_an_unused_window) {
    Allowance allowance(hundred_a_day);
    EXPECT_EQ(allowance.earliest(day, 500), day);
    allowance.charge(day, 1);
    EXPECT_EQ(allowance.earliest(day, 500), day + 24h);
}

TEST(Allowance, a_reserve_is_left_for_others) {
    Allowance allowance(hundred_a_day);
    allowance.charge(day, 85);
    EXPECT_EQ(allowance.earliest(day, 10, 0.1), day + 24h);
    EXPECT_EQ(allowance.earliest(day, 10), day);
    EXPECT_EQ(allowance.room(day, 0.1), 5u);
}

TEST(Allowance, what_was_used_counts_in_an_earlier_window_too_when_the_clock_was_far_off) {
    Allowance allowance(hundred_an_hour);
    allowance.charge(day, 100);
    EXPECT_EQ(allowance.earliest(day - 90min, 1), day - 1h);
    allowance.charge(day - 90min, 1);
    EXPECT_EQ(allowance.used(day - 90min), 101u);
    EXPECT_EQ(allowance.used(day - 1h), 0u);
}

TEST(Allowance, the_first_window_has_its_share_of_the_amount_rounded_up) {
    const AllowanceLimit limit{3000, test::monthly(), Unit::octets, true};
    const Allowance allowance(limit, utc(2026, 4, 21));
    EXPECT_EQ(allowance.amount(utc(2026, 4, 22)), 1000u);
    EXPECT_EQ(allowance.counts_since(utc(2026, 4, 22)), utc(2026, 4, 21));
    EXPECT_EQ(allowance.amount(utc(2026, 5, 1)), 3000u);
    const Allowance late(limit, utc(2026, 5, 1) - 1ns);
    EXPECT_EQ(late.amount(utc(2026, 5, 1) - 1ns), 1u);
}

TEST(Allowance, a_share_of_the_largest_amount_is_right) {
    const AllowanceLimit limit{UINT64_MAX, test::daily(), Unit::octets, true};
    EXPECT_EQ(Allowance(limit, day + 12h).amount(day + 13h), UINT64_MAX / 2 + 1);
}

TEST(Allowance, what_comes_back_counts_in_the_window_in_which_it_was_charged) {
    Allowance allowance(hundred_an_hour);
    allowance.charge(day, 80);
    allowance.give_back(day, day + 1min, 30);
    EXPECT_EQ(allowance.used(day + 1min), 50u);
    allowance.charge(day + 1h, 70);
    allowance.give_back(day, day + 1h, 50);
    EXPECT_EQ(allowance.used(day + 1h), 70u);
}

TEST(Allowance, in_no_window_more_than_the_allowance_goes) {
    EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& sizes) {
        const AllowanceLimit limit{200, test::every(1h)};
        Allowance allowance(limit);
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
