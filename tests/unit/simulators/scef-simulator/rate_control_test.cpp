#include "simulators/scef-simulator/rate_control.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using namespace std::chrono_literals;
using Verdict = UeRateControl::Verdict;

constexpr Instant start{1h};

TEST(Rate, is_read_and_written_as_operators_write_it) {
    EXPECT_EQ(parse_apn_rate("100/hour"), (Rate{100, 1h}));
    EXPECT_EQ(parse_apn_rate("unrestricted"), Rate{});
    EXPECT_EQ(parse_serving_plmn_rate("10"), (Rate{10, 6min}));
    EXPECT_EQ(to_text(Rate{7, 168h}), "7/week");
    EXPECT_EQ(to_text(Rate{12, 6min}), "12");
    EXPECT_EQ(to_text(Rate{}), "unrestricted");
}

TEST(Rate, refuses_other_periods_and_a_serving_plmn_rate_below_ten) {
    for (const char* bad : {"", "100", "100/", "100/second", "-1/hour", "x/hour", "1/hour "}) {
        EXPECT_FALSE(parse_apn_rate(bad)) << bad;
    }
    for (const char* bad : {"", "9", "10/hour", "-10"}) {
        EXPECT_FALSE(parse_serving_plmn_rate(bad)) << bad;
    }
}

TEST(RateWindow, counts_from_the_first_message_and_begins_anew_after_the_period) {
    RateWindow window;
    window.set({2, 1min});
    window.count(1, start);
    window.count(1, start + 59s);
    EXPECT_FALSE(window.fits(1, 0, start + 59s));
    EXPECT_EQ(window.again(start + 59s), start + 1min);
    EXPECT_TRUE(window.fits(2, 0, start + 1min));
    EXPECT_EQ(window.used(start + 1min), 0U);
}

TEST(UeRateControl, what_waits_already_counts) {
    UeRateControl rates({.apn_downlink = {3, 1h}}, 1);
    rates.count_downlink(1, start);
    EXPECT_EQ(rates.admit(1, 1, 1, start), Verdict::fits);
    EXPECT_EQ(rates.admit(1, 2, 2, start), Verdict::rate_exceeded);
}

TEST(UeRateControl, a_quota_counts_octets_and_is_looked_at_first) {
    UeRateControl rates({.apn_downlink = {1, 24h}, .quota_downlink = {200, 24h}}, 1);
    rates.count_downlink(150, start);
    EXPECT_EQ(rates.admit(51, 0, 0, start), Verdict::quota_exceeded);
    EXPECT_EQ(rates.admit(50, 0, 0, start), Verdict::rate_exceeded);
    EXPECT_EQ(rates.admit(50, 0, 1, start), Verdict::quota_exceeded);
    EXPECT_EQ(rates.admit(200, 0, 0, start + 24h), Verdict::fits);
}

TEST(UeRateControl, both_downlink_rates_must_let_a_message_through) {
    UeRateControl rates({.apn_downlink = {100, 1h}, .serving_plmn_downlink = {10, 6min}}, 1);
    for (int i = 0; i < 10; ++i) rates.count_downlink(1, start);
    EXPECT_FALSE(rates.may_send(start));
    EXPECT_EQ(rates.sends_again(start), start + 6min);
    EXPECT_TRUE(rates.may_send(start + 6min));
}

TEST(UeRateControl, exception_reports_go_on_when_the_uplink_rate_is_used_up) {
    UeRateControl rates({.apn_uplink = {1, 24h}, .apn_exception = Rate{1, 24h}}, 1);
    EXPECT_TRUE(rates.take_uplink(true, start));
    EXPECT_EQ(rates.used(start).apn_exception, 0U);
    EXPECT_FALSE(rates.take_uplink(false, start));
    EXPECT_TRUE(rates.take_uplink(true, start));
    EXPECT_FALSE(rates.take_uplink(true, start));
}

TEST(UeRateControl, without_a_rate_for_them_exception_reports_are_ordinary_uplinks) {
    UeRateControl rates({.apn_uplink = {1, 24h}}, 1);
    EXPECT_TRUE(rates.take_uplink(true, start));
    EXPECT_FALSE(rates.take_uplink(true, start));
}

TEST(UeRateControl, periods_run_faster_with_the_time_scale) {
    UeRateControl rates({.apn_uplink = {1, 1h}}, 60);
    EXPECT_TRUE(rates.take_uplink(false, start));
    EXPECT_FALSE(rates.take_uplink(false, start + 59s));
    EXPECT_TRUE(rates.take_uplink(false, start + 60s));
}

TEST(UeRateControl, a_new_limit_keeps_the_count) {
    UeRateControl rates({.apn_uplink = {5, 1h}}, 1);
    EXPECT_TRUE(rates.take_uplink(false, start));
    rates.set_limits({.apn_uplink = {1, 1h}});
    EXPECT_FALSE(rates.take_uplink(false, start));
}

}  // namespace
}  // namespace scef::scef_simulator
