#include "simulators/modem-simulator/at_timers.h"

#include <gtest/gtest.h>

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

Duration active(const char* bits) { return active_time_of(*octet_of_bits(bits)); }
Duration tau(const char* bits) { return periodic_tau_of(*octet_of_bits(bits)); }

TEST(AtTimers, active_time_has_three_units) {  // TS 24.008 table 10.5.163
    EXPECT_EQ(active("00001010"), 20s);
    EXPECT_EQ(active("00100100"), 4min);
    EXPECT_EQ(active("01011111"), 186min);
    EXPECT_EQ(active("01100011"), 3min);
    EXPECT_EQ(active("11100000"), 0s);
}

TEST(AtTimers, periodic_tau_has_seven_units) {  // TS 24.008 table 10.5.163a
    EXPECT_EQ(tau("01100001"), 2s);
    EXPECT_EQ(tau("10000010"), 1min);
    EXPECT_EQ(tau("10111111"), 31min);
    EXPECT_EQ(tau("00000001"), 10min);
    EXPECT_EQ(tau("00111000"), 24h);
    EXPECT_EQ(tau("01000111"), 70h);
    EXPECT_EQ(tau("11011111"), 9920h);
    EXPECT_EQ(tau("11111111"), 0s);
}

TEST(AtTimers, every_value_survives_the_way_there_and_back) {
    for (unsigned octet = 0; octet < 256; ++octet) {
        const Duration time = periodic_tau_of(octet), window = active_time_of(octet);
        EXPECT_EQ(tau(periodic_tau_bits(time).c_str()), time) << octet;
        EXPECT_EQ(active(active_time_bits(window).c_str()), window) << octet;
    }
}

TEST(AtTimers, a_time_between_two_values_becomes_the_longer_one) {
    EXPECT_EQ(active_time_bits(61s), "00011111");
    EXPECT_EQ(active_time_bits(63s), "00100010");
    EXPECT_EQ(active_time_bits(1000h), "01011111");
    EXPECT_EQ(periodic_tau_bits(1ms), "01100001");
    EXPECT_EQ(periodic_tau_bits(10'000h), "11011111");
}

TEST(AtTimers, the_edrx_cycle_is_that_of_nb_s1_mode) {  // TS 24.008 table 10.5.5.32
    EXPECT_EQ(edrx_cycle_of("0010"), 20'480ms);
    EXPECT_EQ(edrx_cycle_of("0101"), 81'920ms);
    EXPECT_EQ(edrx_cycle_of("1111"), 10'485'760ms);
    EXPECT_EQ(edrx_cycle_of("0000"), 20'480ms);
    EXPECT_EQ(edrx_cycle_bits(81'920ms), "0101");
    EXPECT_EQ(edrx_cycle_bits(100h), "1111");
}

TEST(AtTimers, the_paging_window_counts_from_one) {
    EXPECT_EQ(paging_window_bits(2'560ms), "0000");
    EXPECT_EQ(paging_window_bits(5'120ms), "0001");
    EXPECT_EQ(paging_window_bits(40'960ms), "1111");
    EXPECT_EQ(paging_window_bits(0ms), "0000");
}

TEST(AtTimers, any_other_text_is_none) {
    EXPECT_FALSE(octet_of_bits("0000000"));
    EXPECT_FALSE(octet_of_bits("000000012"));
    EXPECT_FALSE(octet_of_bits("00000002"));
    EXPECT_FALSE(edrx_cycle_of("00101"));
    EXPECT_FALSE(edrx_cycle_of("a010"));
}

}  // namespace
}  // namespace scef::modem_simulator
