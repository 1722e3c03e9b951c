#include "simulators/scef-simulator/air.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using namespace std::chrono_literals;
using modem_link::Frame;
using modem_link::Kind;

class AirTest : public testing::Test {
protected:
    Turn at(Duration elapsed) { return {Instant(elapsed), WallTime(elapsed), random_}; }

    static Frame frame(Kind kind, std::uint32_t sequence) {
        Frame made;
        made.kind = kind;
        made.external_id = "a@b";
        made.sequence = sequence;
        return made;
    }

    std::size_t handed_over() const {
        return static_cast<std::size_t>(std::count_if(
            effects.begin(), effects.end(),
            [](const Effect& effect) { return std::holds_alternative<ToModem>(effect); }));
    }

    SeededRandom random_{7};
    Effects effects;
    Air dut{effects};
};

TEST_F(AirTest, without_latency_frames_are_there_at_once) {
    dut.send_downlink(frame(Kind::downlink, 1), {}, at(0s));
    EXPECT_EQ(handed_over(), 1U);
    EXPECT_TRUE(dut.send_uplink(frame(Kind::uplink, 1), {}, at(0s)));
    EXPECT_EQ(dut.deadline(), never);
}

TEST_F(AirTest, each_direction_takes_its_own_time) {
    const RadioPath path{2s, 3s, 0, 0};
    dut.send_downlink(frame(Kind::downlink, 1), path, at(0s));
    EXPECT_FALSE(dut.send_uplink(frame(Kind::uplink, 2), path, at(0s)));
    EXPECT_EQ(dut.deadline(), Instant(2s));
    EXPECT_TRUE(dut.take_arrived(Instant(2s)).empty());
    EXPECT_EQ(handed_over(), 1U);
    EXPECT_EQ(dut.take_arrived(Instant(3s)).at(0).sequence, 2U);
    EXPECT_EQ(dut.deadline(), never);
}

TEST_F(AirTest, frames_of_a_ue_do_not_overtake_each_other_when_coverage_gets_better) {
    EXPECT_FALSE(dut.send_uplink(frame(Kind::uplink, 1), {0s, 3s, 0, 0}, at(0s)));
    EXPECT_FALSE(dut.send_uplink(frame(Kind::uplink, 2), {}, at(1s)));
    const std::vector<Frame> arrived = dut.take_arrived(Instant(3s));
    ASSERT_EQ(arrived.size(), 2U);
    EXPECT_EQ(arrived[0].sequence, 1U);
    EXPECT_TRUE(dut.send_uplink(frame(Kind::uplink, 3), {}, at(4s)));
}

TEST_F(AirTest, a_share_of_the_transmissions_is_lost_and_logged) {
    const RadioPath path{0s, 0s, 0.25, 1.0};
    for (int i = 0; i < 1'000; ++i) dut.send_downlink(frame(Kind::downlink, 1), path, at(0s));
    EXPECT_NEAR(static_cast<double>(handed_over()), 750, 60);
    EXPECT_EQ(effects.size(), 1'000U);
    EXPECT_FALSE(dut.send_uplink(frame(Kind::ack, 9), path, at(0s)));
    EXPECT_EQ(std::get<Record>(effects.back()).detail, R"({"sequence":9,"what":"ack"})");
}

}  // namespace
}  // namespace scef::scef_simulator
