#include "simulators/modem-simulator/power_meter.h"

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

const Instant start{1h};

/// Round numbers, so that the sums can be done in the head.
PowerFigures round_figures() {
    PowerFigures figures;
    figures.sleep_ma = 0.01;
    figures.idle_ma = 1;
    figures.connected_ma = 10;
    figures.receive_ma = 50;
    figures.transmit_ma = 200;
    figures.bits_per_second = 8'000;  // an octet a millisecond
    figures.header_octets = 10;
    figures.signalling_octets = 90;
    return figures;
}

modem_link::NetworkTerms terms(const std::string& coverage, Duration cycle = 100s,
                               Duration window = 10s) {
    return {{"edrx", {}, {}, cycle, window}, coverage, "unrestricted", false, 1358};
}

class PowerMeterTest : public testing::Test {
protected:
    double mah(PowerReport::Part part, Duration at) {
        return dut.report(start + at).parts[part].mah;
    }
    PowerMeter dut{round_figures(), start};
};

TEST_F(PowerMeterTest, a_device_that_is_off_draws_nothing) {
    EXPECT_EQ(dut.report(start + 1h).mah(), 0);
    EXPECT_EQ(dut.report(start + 1h).elapsed(), 1h);
}

TEST_F(PowerMeterTest, each_state_draws_its_current_for_its_time) {
    dut.on_state("idle", start);
    dut.on_state("psm", start + 1h);
    dut.on_state("no-pdn", start + 101h);
    EXPECT_DOUBLE_EQ(mah(PowerReport::idle, 102h), 2);
    EXPECT_DOUBLE_EQ(mah(PowerReport::psm, 102h), 1);
    EXPECT_DOUBLE_EQ(dut.report(start + 102h).mah(), 3);
}

TEST_F(PowerMeterTest, a_report_changes_nothing_and_time_never_runs_backwards) {
    dut.on_state("idle", start);
    EXPECT_DOUBLE_EQ(mah(PowerReport::idle, 2h), 2);
    EXPECT_DOUBLE_EQ(mah(PowerReport::idle, 1h), 1);
    EXPECT_DOUBLE_EQ(mah(PowerReport::idle, -1h), 0);
}

TEST_F(PowerMeterTest, edrx_listens_in_its_window_and_sleeps_the_rest_of_the_cycle) {
    dut.on_terms(terms("normal", 100s, 10s), start);
    dut.on_state("edrx", start);
    EXPECT_DOUBLE_EQ(mah(PowerReport::edrx, 1h), 0.1 * 1 + 0.9 * 0.01);
    dut.on_terms(terms("normal", 1000s, 10s), start + 1h);
    EXPECT_NEAR(mah(PowerReport::edrx, 2h), 0.109 + 0.01 * 1 + 0.99 * 0.01, 1e-9);
}

TEST_F(PowerMeterTest, a_connection_costs_its_signalling_once) {
    dut.on_state("connected", start);
    dut.on_state("connected", start + 1s);
    EXPECT_NEAR(mah(PowerReport::signalling, 1s), 0.090 * (200 + 50) / 3600, 1e-9);
    EXPECT_EQ(dut.report(start + 1s).connections, 1U);
    EXPECT_NEAR(mah(PowerReport::connected, 6min), 1, 1e-9);
}

TEST_F(PowerMeterTest, a_frame_costs_its_time_on_the_air) {
    dut.on_transmitted(90);
    dut.on_received(890);
    EXPECT_NEAR(mah(PowerReport::transmitting, 0s), 0.1 * 200 / 3600, 1e-9);
    EXPECT_NEAR(mah(PowerReport::receiving, 0s), 0.9 * 50 / 3600, 1e-9);
}

TEST_F(PowerMeterTest, bad_coverage_repeats_everything) {
    dut.on_terms(terms("robust"), start);
    dut.on_transmitted(90);
    EXPECT_NEAR(mah(PowerReport::transmitting, 0s), 8 * 0.1 * 200 / 3600, 1e-9);
    dut.on_terms(terms("extreme"), start);
    dut.on_transmitted(90);
    EXPECT_NEAR(mah(PowerReport::transmitting, 0s), (8 + 128) * 0.1 * 200 / 3600, 1e-9);
}

TEST(PowerFiguresTest, asleep_all_the_time_the_battery_of_tr_45_820_lasts_38_years) {
    PowerMeter dut({}, start);
    dut.on_state("psm", start);
    const double years = PowerFigures{}.battery_mah / dut.report(start + 1h).mean_ma() / 24 / 365;
    EXPECT_NEAR(years, 38, 0.5);
}

TEST(PowerFiguresTest, in_the_worst_coverage_160_bits_a_second_are_left) {
    EXPECT_NEAR(std::chrono::duration<double>(PowerFigures{}.air_time(20, "extreme")).count(), 1,
                0.05);
}

TEST(PowerFiguresTest, a_figure_is_set_by_its_name) {
    PowerFigures figures;
    EXPECT_TRUE(set_figure(figures, "transmit=220.5"));
    EXPECT_TRUE(set_figure(figures, "repetitions-extreme=64"));
    EXPECT_EQ(figures.transmit_ma, 220.5);
    EXPECT_EQ(figures.repetitions_extreme, 64);
}

TEST(PowerFiguresTest, anything_else_is_a_sentence_with_the_names) {
    PowerFigures figures;
    for (const char* wrong : {"", "transmit", "transmit=", "transmit=0", "transmit=-1",
                              "transmit=nan", "transmit=1mA", "send=1", "=1", "transmit=1e300"}) {
        const Status refused = set_figure(figures, wrong);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_NE(refused.error().message.find("bit-rate, repetitions-robust"), std::string::npos);
    }
}

}  // namespace
}  // namespace scef::modem_simulator
