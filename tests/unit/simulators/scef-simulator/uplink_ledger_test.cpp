#include "simulators/scef-simulator/uplink_ledger.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

TEST(UplinkLedger, a_repeated_frame_is_known_and_keeps_its_outcome) {
    UplinkLedger dut;
    EXPECT_EQ(dut.repeated_or_new(5), nullptr);
    ASSERT_NE(dut.repeated_or_new(5), nullptr);
    EXPECT_FALSE(dut.repeated_or_new(5)->settled);
    dut.settle(5, "no-configuration");
    EXPECT_TRUE(dut.repeated_or_new(5)->settled);
    EXPECT_EQ(dut.repeated_or_new(5)->refusal, "no-configuration");
}

TEST(UplinkLedger, a_modem_that_starts_anew_may_count_from_the_beginning) {
    UplinkLedger dut;
    dut.repeated_or_new(1);
    dut.forget();
    EXPECT_EQ(dut.repeated_or_new(1), nullptr);
}

TEST(UplinkLedger, only_the_latest_frames_are_remembered) {
    UplinkLedger dut;
    for (std::uint32_t sequence = 0; sequence < 65; ++sequence) dut.repeated_or_new(sequence);
    EXPECT_NE(dut.repeated_or_new(64), nullptr);
    EXPECT_EQ(dut.repeated_or_new(0), nullptr);
}

}  // namespace
}  // namespace scef::scef_simulator
