#include "simulators/scef-simulator/ue.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

using namespace std::chrono_literals;

const Instant start{1h};

Ue ue_in(UeState state, Timers timers = {}) {
    Ue ue(timers);
    ue.enter(state, start);
    return ue;
}

UeState after(Ue ue, Duration elapsed) {
    ue.advance(start + elapsed);
    return ue.state();
}

TEST(Ue, which_never_sleeps_becomes_idle_and_stays_there) {
    const Ue dut = ue_in(UeState::connected);
    EXPECT_EQ(after(dut, 9'999ms), UeState::connected);
    EXPECT_EQ(after(dut, 10s), UeState::idle);
    EXPECT_EQ(after(dut, 1000h), UeState::idle);
}

TEST(Ue, in_psm_hears_nothing_and_stays_asleep) {
    Ue dut = ue_in(UeState::psm);
    EXPECT_FALSE(dut.hears());
    EXPECT_FALSE(dut.hears_at().has_value());
    EXPECT_EQ(dut.deadline(), never);
}

TEST(Ue, without_a_pdn_connection_hears_nothing_stays_so_and_keeps_how_it_sleeps) {
    Ue dut = ue_in(UeState::psm);
    EXPECT_TRUE(dut.has_pdn_connection());
    dut.enter(UeState::no_pdn, start);
    EXPECT_FALSE(dut.has_pdn_connection());
    EXPECT_FALSE(dut.hears());
    EXPECT_EQ(dut.deadline(), never);
    EXPECT_EQ(dut.sleep_mode(), UeState::psm);
    dut.enter(UeState::idle, start);
    EXPECT_TRUE(dut.hears());
    EXPECT_EQ(after(dut, 20s), UeState::psm);
}

TEST(Ue, falls_back_to_psm_after_inactivity_and_active_timer) {
    Ue dut = ue_in(UeState::psm);
    dut.on_radio_activity(start);
    EXPECT_EQ(after(dut, 0s), UeState::connected);
    EXPECT_EQ(after(dut, 10s), UeState::idle);
    EXPECT_EQ(after(dut, 29'999ms), UeState::idle);
    EXPECT_EQ(after(dut, 30s), UeState::psm);
}

TEST(Ue, wakes_for_its_periodic_tau) {
    Timers timers;
    timers.periodic_tau = 1h;
    Ue dut = ue_in(UeState::psm, timers);
    EXPECT_EQ(dut.hears_at(), start + 1h);
    EXPECT_EQ(after(dut, 1h), UeState::connected);
}

TEST(Ue, in_edrx_hears_in_its_paging_window_only) {
    Ue dut = ue_in(UeState::edrx);
    EXPECT_FALSE(dut.hears());
    EXPECT_EQ(dut.hears_at(), start + 81'920ms);
    dut.advance(start + 81'920ms);
    EXPECT_TRUE(dut.hears());
    dut.advance(start + 81'920ms + 5'120ms);
    EXPECT_FALSE(dut.hears());
    EXPECT_EQ(dut.hears_at(), start + 2 * 81'920ms);
}

TEST(Ue, that_does_not_answer_counts_as_unreachable_for_a_while) {
    Ue dut = ue_in(UeState::idle);
    dut.on_no_answer(start);
    EXPECT_FALSE(dut.hears());
    EXPECT_EQ(dut.hears_at(), start + 10s);
    dut.advance(start + 10s);
    EXPECT_TRUE(dut.hears());
}

TEST(Ue, timers_run_faster_by_the_time_scale) {
    const Timers scaled = Timers{}.faster(10);
    EXPECT_EQ(scaled.inactivity, 1s);
    EXPECT_EQ(scaled.edrx_cycle, 8'192ms);
    EXPECT_EQ(scaled.periodic_tau, 0s);
}

TEST(Ue, every_state_has_a_name_that_is_read_back) {
    for (const UeState state : {UeState::connected, UeState::idle, UeState::edrx, UeState::psm,
                                UeState::no_pdn, UeState::detached}) {
        EXPECT_EQ(ue_state_of(name_of(state)), state);
    }
    EXPECT_FALSE(ue_state_of("asleep").has_value());
}

}  // namespace
}  // namespace scef::scef_simulator
