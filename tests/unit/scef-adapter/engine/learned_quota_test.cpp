#include "scef-adapter/engine/learned_quota.h"

#include <deque>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using TimeUnit = RateControlReport::TimeUnit;

constexpr RateControlReport report{.apn_rate = 4,
                                   .apn_unit = TimeUnit::hour,
                                   .exception_rate = 1,
                                   .exception_unit = TimeUnit::day,
                                   .plmn_rate = 10};

struct LearnedQuotas : ::testing::Test {
    LearnedQuota dut{report};
    quota::QuotaTime time{Instant(10h), WallTime(1000h)};

    void pass(Duration duration) { time = {time.now + duration, time.calendar + duration}; }
    Duration downlink_wait() const {
        return dut.downlink_earliest(time, {.octets = 50}).at - time.now;
    }
    int uplinks_before_one_too_many(LearnedQuota& of) const {
        int count = 0;
        while (count < 1000 && !of.charge_uplink(time, 50)) ++count;
        return count;
    }
};

TEST_F(LearnedQuotas, half_of_the_serving_plmn_rate_goes_down_at_once) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(downlink_wait(), 0s);
        dut.charge_downlink(time, 50);
    }
    EXPECT_EQ(downlink_wait(), 1min);
}

TEST_F(LearnedQuotas, no_six_minutes_have_more_downlinks_than_the_serving_plmn_rate) {
    for (const int rate : {10, 11, 12, 100, 65534}) {
        LearnedQuota quota({.plmn_rate = static_cast<std::uint16_t>(rate)});
        std::deque<Instant> sent;
        for (int i = 0; i < 3 * rate && i < 5000; ++i) {
            const Instant at = quota.downlink_earliest(time, {.octets = 50}).at;
            pass(at - time.now);
            quota.charge_downlink(time, 50);
            sent.push_back(at);
            while (sent.front() <= at - 6min) sent.pop_front();
            ASSERT_LE(sent.size(), static_cast<std::size_t>(rate));
        }
        pass(24h);
    }
}

TEST_F(LearnedQuotas, an_emergency_waits_for_the_network_too) {
    for (int i = 0; i < 5; ++i) dut.charge_downlink(time, 50);
    EXPECT_GT(dut.downlink_earliest(time, {.octets = 50, .emergency = true}).at, time.now);
}

TEST_F(LearnedQuotas, an_uplink_beyond_the_apn_rate_and_the_exceptions_is_one_too_many) {
    EXPECT_EQ(uplinks_before_one_too_many(dut), 4 + 1);
    EXPECT_EQ(downlink_wait(), 0s) << "each direction for itself";
}

TEST_F(LearnedQuotas, an_uplink_beyond_the_serving_plmn_rate_is_one_too_many) {
    LearnedQuota quota({.plmn_rate = 10});
    EXPECT_EQ(uplinks_before_one_too_many(quota), 10);
}

TEST_F(LearnedQuotas, what_is_unrestricted_limits_nothing) {
    LearnedQuota quota({.apn_rate = 1,
                        .apn_unit = TimeUnit::unrestricted,
                        .plmn_rate = RateControlReport::plmn_unrestricted});
    EXPECT_EQ(uplinks_before_one_too_many(quota), 1000);
    for (int i = 0; i < 1000; ++i) quota.charge_downlink(time, 50);
    EXPECT_EQ(quota.downlink_earliest(time, {.octets = 50}).at, time.now);
    EXPECT_TRUE(quota.uses(Direction::downlink, time).empty());
    EXPECT_TRUE(quota.uses(Direction::uplink, time).empty());
    EXPECT_EQ(quota.name(LearnedQuota::Limit::apn_uplink), "APN rate, says the device: no limit");
}

TEST_F(LearnedQuotas, uses_are_shown_with_who_says_so) {
    dut.charge_downlink(time, 50);
    dut.charge_uplink(time, 50);
    const auto down = dut.uses(Direction::downlink, time);
    ASSERT_EQ(down.size(), 1u);
    EXPECT_EQ(down[0].name, "serving PLMN rate, says the device: 10 messages per decihour");
    EXPECT_EQ(down[0].remaining, 4u);
    const auto up = dut.uses(Direction::uplink, time);
    ASSERT_EQ(up.size(), 3u);
    EXPECT_EQ(up[0].used, 1u);
    EXPECT_EQ(up[0].limit, 10u);
    EXPECT_EQ(up[1].name, "APN rate, says the device: 4 messages per hour");
    EXPECT_EQ(up[1].remaining, 3u);
    EXPECT_EQ(up[2].name, "exception data, says the device: 1 messages per day");
}

TEST_F(LearnedQuotas, what_was_used_survives_a_restart) {
    for (int i = 0; i < 5; ++i) dut.charge_downlink(time, 50);
    for (int i = 0; i < 5; ++i) dut.charge_uplink(time, 50);
    const auto state = dut.state(time);
    LearnedQuota next(report);
    const quota::QuotaTime later{Instant(3s), time.calendar + 10s};
    next.restore(state, later);
    EXPECT_EQ(next.downlink_earliest(later, {.octets = 50}).at, later.now + 50s);
    EXPECT_TRUE(next.charge_uplink(later, 50));
    LearnedQuota twin(report);
    twin.resume(dut.position());
    EXPECT_EQ(twin.position(), dut.position());
}

TEST_F(LearnedQuotas, a_debt_under_an_old_rate_is_one_full_burst_of_the_new_one_at_most) {
    for (int i = 0; i < 500; ++i) dut.charge_downlink(time, 50);
    LearnedQuota next({.plmn_rate = 20});
    next.restore(dut.state(time), time);
    const Duration interval = Duration(6min) / 11;  // ten at once, eleven in six minutes
    EXPECT_NEAR(
        static_cast<double>(
            (next.downlink_earliest(time, {.octets = 50}).at - time.now - interval).count()),
        0, 1000);
}

}  // namespace
}  // namespace scef::adapter
