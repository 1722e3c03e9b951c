#include "lwm2m-core/vocabulary/socket_address.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {
namespace {

SocketAddress ipv6(std::string_view hex, std::uint16_t port) {
    SocketAddress address;
    const Bytes octets = from_hex(hex);
    std::copy(octets.begin(), octets.end(), address.octets.begin());
    address.is_ipv6 = true;
    address.port = port;
    return address;
}

TEST(SocketAddress, of_ipv4_is_written_with_dots) {
    const SocketAddress address = SocketAddress::ipv4(0x7f000001, 5683);
    EXPECT_EQ(address.text(), "127.0.0.1:5683");
    EXPECT_EQ(address.address_text(), "127.0.0.1");
    EXPECT_EQ(address.ipv4_address(), 0x7f000001u);
}

TEST(SocketAddress, of_ipv6_is_written_as_rfc_5952_says) {
    const auto text = [](std::string_view hex) { return ipv6(hex, 0).address_text(); };
    EXPECT_EQ(text("00000000000000000000000000000000"), "::");
    EXPECT_EQ(text("00000000000000000000000000000001"), "::1");
    EXPECT_EQ(text("fd000000000000000000000000000001"), "fd00::1");
    EXPECT_EQ(text("20010db8000000000001000000000001"), "2001:db8::1:0:0:1");
    EXPECT_EQ(text("20010db8000000010001000100010001"), "2001:db8:0:1:1:1:1:1");
    EXPECT_EQ(text("20010db8000100000000000000000000"), "2001:db8:1::");
    EXPECT_EQ(text("20010db8aaaabbbbccccddddeeee0000"), "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0");
}

TEST(SocketAddress, of_ipv6_has_brackets_before_its_port) {
    EXPECT_EQ(ipv6("fd000000000000000000000000000001", 5684).text(), "[fd00::1]:5684");
}

TEST(SocketAddress, another_port_or_family_is_another_address) {
    const SocketAddress address = SocketAddress::ipv4(1, 5683);
    SocketAddress other = address;
    EXPECT_EQ(address, other);
    other.is_ipv6 = true;
    EXPECT_NE(address, other);
    EXPECT_NE(address, SocketAddress::ipv4(1, 5684));
}

TEST(SocketAddress, reads_what_it_writes) {
    for (const char* text : {"127.0.0.1:5683", "255.255.255.255:65535", "0.0.0.0:0",
                             "[fd00::1]:5683", "[::]:0", "[2001:db8::1:0:0:1]:61616"}) {
        const auto address = SocketAddress::parse(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->text(), text);
    }
}

TEST(SocketAddress, nothing_else_is_one) {
    for (const char* text : {"", ":", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                             "127.0.0.1:1x", "127.0.0.1: 1", "127.0.0:1", "localhost:1", "::1:5",
                             "[::1]", "[::1:5683", "[]:1", "[127.0.0.1]:1", "[:1"}) {
        EXPECT_FALSE(SocketAddress::parse(text)) << text;
    }
}

}  // namespace
}  // namespace scef
