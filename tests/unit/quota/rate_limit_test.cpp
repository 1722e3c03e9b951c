#include "quota/rate_limit.h"

#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
constexpr Instant start{1h};

TEST(RateLimit, a_burst_goes_back_to_back_and_then_one_an_interval) {
    RateLimit limit({60, 1h}, 3);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(limit.earliest(start), start);
        limit.charge(start);
    }
    EXPECT_EQ(limit.earliest(start), start + 1min);
}

TEST(RateLimit, what_did_not_conform_is_debt_that_later_ones_wait_out) {
    RateLimit limit({60, 1h}, 1);
    for (int i = 0; i < 5; ++i) limit.charge(start);
    EXPECT_EQ(limit.earliest(start), start + 5min);
}

TEST(RateLimit, a_reserve_is_left_for_others) {
    RateLimit limit({60, 1h}, 11);
    for (int i = 0; i < 10; ++i) limit.charge(start);
    EXPECT_GT(limit.earliest(start, 0.2), start);
    EXPECT_EQ(limit.earliest(start, 0), start);
}

TEST(RateLimit, an_order_to_wait_is_obeyed) {
    RateLimit limit({60, 1h}, 10);
    limit.exhaust_until(start + 10min);
    EXPECT_EQ(limit.earliest(start), start + 10min);
}

TEST(RateLimit, counts_what_is_used_and_what_is_there) {
    RateLimit limit({60, 1h}, 3);
    EXPECT_EQ(limit.room(start), 3u);
    limit.charge(start, 2);
    EXPECT_EQ(limit.used(start), 2u);
    EXPECT_EQ(limit.room(start), 1u);
    EXPECT_EQ(limit.room(start + 90s), 2u);
    limit.charge(start, 5);
    EXPECT_EQ(limit.used(start), 7u);
    EXPECT_EQ(limit.room(start), 0u);
}

TEST(RateLimit, a_burst_that_takes_longer_than_time_itself_and_its_debt_do_no_harm) {
    RateLimit limit({1, 24h * 7}, 1'000'000);
    for (int i = 0; i < 100; ++i) limit.charge(start, 1'000'000'000);
    EXPECT_LE(limit.earliest(start), start + RateLimit::horizon);
    EXPECT_GE(limit.earliest(start, 1), start);
}

TEST(RateLimit, while_messages_are_outstanding_the_burst_is_smaller_by_as_many) {
    RateLimit limit({60, 1h}, 3);
    limit.charge(start, 2);
    limit.count_outstanding(start + 1h, 2);
    EXPECT_EQ(limit.room(start + 1h), 1u);
    limit.give_back(2);
    EXPECT_EQ(limit.room(start + 1h), 3u);
}

/// The naive reference: all that was sent, and for each candidate the bound itself.
bool conforms(const std::vector<Instant>& sent, Instant now, Duration interval,
              std::uint32_t burst) {
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const auto count = static_cast<Duration::rep>(sent.size() - i + 1);
        if (count > burst && now - sent[i] < interval * (count - burst)) return false;
    }
    return true;
}

TEST(RateLimit, agrees_with_a_list_of_all_that_was_sent) {
    EXPECT_TRUE(rc::check([] {
        const auto burst = *rc::gen::inRange<std::uint32_t>(1, 8);
        const Duration interval = std::chrono::seconds(*rc::gen::inRange(1, 100));
        RateLimit limit({1, interval}, burst);
        std::vector<Instant> sent;
        Instant now = start;
        for (const auto step : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200))) {
            now += std::chrono::seconds(step);
            RC_ASSERT((limit.earliest(now) == now) == conforms(sent, now, interval, burst));
            if (limit.earliest(now) > now) continue;
            limit.charge(now);
            sent.push_back(now);
        }
    }));
}

TEST(RateLimit, in_any_window_at_most_rate_times_window_plus_burst_conform) {
    EXPECT_TRUE(rc::check([] {
        const auto amount = *rc::gen::inRange<std::uint64_t>(1, 1000);
        const Rate rate{amount, std::chrono::seconds(*rc::gen::inRange(1, 100'000))};
        const auto burst = *rc::gen::inRange<std::uint32_t>(1, 20);
        RateLimit limit(rate, burst);
        std::vector<Instant> sent;
        Instant now = start;
        for (const auto step : *rc::gen::container<std::vector<std::uint32_t>>(
                 rc::gen::inRange<std::uint32_t>(0, 2'000'000'000u))) {
            now += Duration(step) * 50;
            if (limit.earliest(now) > now) continue;
            limit.charge(now);
            sent.push_back(now);
        }
        for (std::size_t i = 0; i < sent.size(); ++i) {
            for (std::size_t j = i; j < sent.size(); ++j) {
                const std::int64_t window = (sent[j] - sent[i]).count();
                const auto count = static_cast<std::int64_t>(j - i + 1);
                const std::int64_t allowed =
                    window * static_cast<std::int64_t>(amount) + burst * rate.period.count();
                RC_ASSERT(count * rate.period.count() <= allowed);
            }
        }
    }));
}

TEST(RateLimit, the_time_it_names_is_the_first_that_conforms) {
    EXPECT_TRUE(rc::check([](std::uint8_t charges) {
        RateLimit limit({7, 1min}, 3);
        for (int i = 0; i < charges; ++i) limit.charge(start);
        const Instant named = limit.earliest(start);
        RC_ASSERT(limit.earliest(named) == named);
        RC_ASSERT(named == start || limit.earliest(named - 1ns) == named);
    }));
}

}  // namespace
}  // namespace scef::quota
