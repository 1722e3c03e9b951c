#include "lwm2m-core/pcap/pcapng.h"

#include <gtest/gtest.h>

namespace scef::pcap {
namespace {

using namespace std::chrono_literals;

// The layouts are figures 9 to 14 of draft-ietf-opsawg-pcapng.

TEST(Pcapng, a_section_begins_with_its_byte_order) {
    EXPECT_EQ(to_hex(section_header("ab")),
              "0a0d0d0a"
              "28000000"
              "4d3c2b1a"
              "0100"
              "0000"
              "ffffffffffffffff"
              "0400"
              "0200"
              "61620000"
              "00000000"
              "28000000");
}

TEST(Pcapng, an_interface_has_raw_packets_and_a_name) {
    EXPECT_EQ(to_hex(interface_description("dev@x")),
              "01000000"
              "24000000"
              "6500"
              "0000"
              "00000000"
              "0200"
              "0500"
              "6465764078000000"
              "00000000"
              "24000000");
}

TEST(Pcapng, a_packet_has_its_time_in_microseconds_and_is_padded) {
    const WallTime time(1'795'000'000s + 123'456us + 789ns);
    EXPECT_EQ(to_hex(enhanced_packet(3, time, Bytes{1, 2, 3, 4, 5})),
              "06000000"
              "28000000"
              "03000000"
              "8b600600"
              "40126101"
              "05000000"
              "05000000"
              "0102030405000000"
              "28000000");
}

TEST(Pcapng, a_long_name_is_cut) {
    EXPECT_EQ(interface_description(std::string(100'000, 'x')).size(), 16U + 8 + 1024 + 4);
}

}  // namespace
}  // namespace scef::pcap
