#include "simulators/scef-simulator/event_log.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

TEST(EventLog, reads_what_came_after_a_sequence) {
    EventLog dut;
    for (int i = 0; i < 5; ++i) dut.append(WallTime{}, "downlink", "a@b", "{}");
    const auto entries = dut.read({.since = 3});
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].sequence, 4U);
    EXPECT_EQ(dut.last(), 5U);
    EXPECT_TRUE(dut.read({.since = 5}).empty());
}

TEST(EventLog, reads_one_ue_and_one_kind) {
    EventLog dut;
    dut.append(WallTime{}, "downlink", "a@b", "{}");
    dut.append(WallTime{}, "uplink", "a@b", "{}");
    dut.append(WallTime{}, "uplink", "c@d", "{}");
    EXPECT_EQ(dut.read({.external_id = "a@b"}).size(), 2U);
    EXPECT_EQ(dut.read({.external_id = "a@b", .kind = "uplink"}).at(0).sequence, 2U);
}

TEST(EventLog, forgets_the_oldest_entries_and_keeps_counting) {
    EventLog dut;
    for (std::size_t i = 0; i < EventLog::entries_max + 10; ++i) {
        dut.append(WallTime{}, "x", "", "{}");
    }
    const auto entries = dut.read({});
    EXPECT_EQ(entries.size(), EventLog::entries_max);
    EXPECT_EQ(entries.front().sequence, 11U);
    EXPECT_EQ(dut.read({.since = 20}).front().sequence, 21U);
}

}  // namespace
}  // namespace scef::scef_simulator
