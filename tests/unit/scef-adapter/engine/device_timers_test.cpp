#include "scef-adapter/engine/device_timers.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

TEST(DeviceTimers, come_in_order_of_their_time_and_never_early) {
    DeviceTimers dut;
    dut.add(Instant(1000h + 1ns), 1);
    dut.add(Instant(1000h), 2);
    dut.add(Instant(1s), 3);
    dut.add(Instant(1000h + 5s), 4);
    EXPECT_EQ(dut.next(), Instant(1s));
    EXPECT_EQ(dut.pop(), 3u);
    EXPECT_EQ(dut.pop(), 2u);
    EXPECT_EQ(dut.next(), Instant(1000h + 125ms));
    EXPECT_EQ(dut.pop(), 1u);
    EXPECT_EQ(dut.pop(), 4u);
    EXPECT_EQ(dut.next(), never);
}

TEST(DeviceTimers, one_that_was_due_before_time_began_is_due) {
    DeviceTimers dut;
    dut.add(Instant(-1h), 1);
    EXPECT_EQ(dut.next(), Instant{});
}

TEST(DeviceTimers, one_that_is_too_far_away_is_kept_too) {
    DeviceTimers dut;
    dut.add(Instant::max() - 1s, 1);
    dut.add(Instant(24h * 365), 2);
    EXPECT_EQ(dut.pop(), 2u);
    EXPECT_GT(dut.next(), Instant(24h * 365 * 16));
}

TEST(DeviceTimers, entries_of_devices_that_are_gone_do_not_pile_up) {
    DeviceTimers dut;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        dut.add(Instant(1h) + 1s * (100'000 - i), i);
        dut.forget_dead([](queueing::DeviceIndex device) { return device % 1000 == 0; });
    }
    EXPECT_LT(dut.size(), 2000u);
    EXPECT_GE(dut.size(), 100u);
    EXPECT_EQ(dut.next(), Instant(1h + 1s));
}

}  // namespace
}  // namespace scef::adapter
