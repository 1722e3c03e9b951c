#include "lwm2m-core/pcap/udp_packet.h"

#include <gtest/gtest.h>

namespace scef::pcap {
namespace {

const SocketAddress device = SocketAddress::ipv4(0x0a000001, 5683);
const SocketAddress server = SocketAddress::ipv4(0xc0000201, 5684);

SocketAddress ipv6(std::uint8_t last) {
    SocketAddress address;
    address.is_ipv6 = true;
    address.octets[0] = 0xfd;
    address.octets[15] = last;
    address.port = 5683;
    return address;
}

/// The sum of RFC 1071 over a header that holds its own checksum: 0xffff if that is right.
std::uint32_t sum_of(ByteView octets) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        sum += static_cast<std::uint32_t>(octets[i]) << (i % 2 == 0 ? 8U : 0U);
    }
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/// The same over the UDP datagram and its pseudo header.
std::uint32_t udp_sum_of(ByteView packet, std::size_t addresses_at, std::size_t addresses_size,
                         std::size_t udp_at) {
    Bytes pseudo(packet.begin() + static_cast<long>(addresses_at),
                 packet.begin() + static_cast<long>(addresses_at + addresses_size));
    const ByteView udp = packet.subspan(udp_at);
    pseudo.insert(pseudo.end(), {0, 17, static_cast<std::uint8_t>(udp.size() >> 8),
                                 static_cast<std::uint8_t>(udp.size())});
    pseudo.insert(pseudo.end(), udp.begin(), udp.end());
    return sum_of(pseudo);
}

TEST(UdpPacket, is_a_whole_ipv4_packet) {
    const Bytes packet = udp_packet(device, server, from_hex("40 01 12 34"));
    EXPECT_EQ(to_hex(packet),
              "4500002000004000"
              "4011"
              "6ecb"
              "0a000001"
              "c0000201"
              "16331634000c"
              "b537"
              "40011234");
}

TEST(UdpPacket, has_checksums_that_hold_for_any_length) {
    for (std::size_t octets = 0; octets < 40; ++octets) {
        const Bytes payload(octets, static_cast<std::uint8_t>(0xf0 + octets));
        const Bytes ipv4 = udp_packet(device, server, payload);
        EXPECT_EQ(sum_of(ByteView(ipv4).first(20)), 0xffffU) << octets;
        EXPECT_EQ(udp_sum_of(ipv4, 12, 8, 20), 0xffffU) << octets;
        EXPECT_EQ(udp_sum_of(udp_packet(ipv6(1), ipv6(2), payload), 8, 32, 40), 0xffffU) << octets;
    }
}

TEST(UdpPacket, is_ipv6_when_an_address_is) {
    const Bytes packet = udp_packet(device, ipv6(2), from_hex("40011234"));
    EXPECT_EQ(to_hex(ByteView(packet).first(24)),
              "60000000000c1140"
              "00000000000000000000ffff0a000001");
    EXPECT_EQ(packet.size(), 52U);
}

TEST(UdpPacket, cuts_what_no_datagram_can_hold) {
    EXPECT_EQ(udp_packet(device, server, Bytes(70'000)).size(), 65'535U);
}

}  // namespace
}  // namespace scef::pcap
