#include "scef-adapter/endpoints/datagram_socket.h"

#include <vector>

#include <gtest/gtest.h>
#include <poll.h>

namespace scef::adapter {
namespace {

constexpr std::uint32_t loopback(std::uint32_t low) { return 0x7f000000u | low; }

std::vector<Datagram> receive(DatagramSocket& socket, std::size_t count) {
    std::vector<Datagram> taken;
    while (taken.size() < count) {
        pollfd waiting{socket.descriptor(), POLLIN, 0};
        if (::poll(&waiting, 1, 5000) <= 0) break;
        socket.receive(100, [&](Datagram datagram) { taken.push_back(std::move(datagram)); });
    }
    return taken;
}

struct TwoSockets : ::testing::Test {
    DatagramSocket endpoints = *DatagramSocket::open(false, 0);
    DatagramSocket server = *DatagramSocket::open(false, 0);
    SocketAddress server_address = SocketAddress::ipv4(loopback(1), server.port());
};

TEST_F(TwoSockets, a_datagram_comes_from_the_virtual_address_it_was_sent_from) {
    const auto device = SocketAddress::ipv4(loopback(0x400005), endpoints.port());
    ASSERT_TRUE(endpoints.send({device, server_address, to_bytes("up")}));
    const auto taken = receive(server, 1);
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_EQ(taken[0].peer, device);
    EXPECT_EQ(taken[0].octets, to_bytes("up"));
}

TEST_F(TwoSockets, one_socket_hears_every_virtual_address_and_tells_them_apart) {
    for (const std::uint32_t low : {0x400001u, 0x400002u, 0x7fc003u}) {
        server.send({server_address, SocketAddress::ipv4(loopback(low), endpoints.port()),
                     to_bytes("down")});
    }
    const auto taken = receive(endpoints, 3);
    ASSERT_EQ(taken.size(), 3u);
    EXPECT_EQ(taken[0].local.address_text(), "127.64.0.1");
    EXPECT_EQ(taken[1].local.address_text(), "127.64.0.2");
    EXPECT_EQ(taken[2].local.address_text(), "127.127.192.3");
    EXPECT_EQ(taken[0].peer, server_address);
}

TEST_F(TwoSockets, takes_no_more_than_the_limit_at_once) {
    for (int i = 0; i < 50; ++i) {
        server.send({server_address, SocketAddress::ipv4(loopback(9), endpoints.port()), {1}});
    }
    pollfd waiting{endpoints.descriptor(), POLLIN, 0};
    ASSERT_GT(::poll(&waiting, 1, 5000), 0);
    std::size_t taken = 0;
    EXPECT_EQ(endpoints.receive(40, [&](const Datagram&) { ++taken; }), 40u);
    EXPECT_EQ(taken, 40u);
}

TEST_F(TwoSockets, large_and_empty_datagrams_arrive_whole) {
    const auto target = SocketAddress::ipv4(loopback(9), endpoints.port());
    server.send({server_address, target, Bytes(60000, 7)});
    server.send({server_address, target, {}});
    const auto taken = receive(endpoints, 2);
    ASSERT_EQ(taken.size(), 2u);
    EXPECT_EQ(taken[0].octets.size(), 60000u);
    EXPECT_TRUE(taken[1].octets.empty());
}

TEST(DatagramSocket, a_port_that_is_taken_is_one_sentence) {
    const auto first = DatagramSocket::open(false, 0);
    const auto second = DatagramSocket::open(false, first->port());
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find(std::to_string(first->port())), std::string::npos);
}

}  // namespace
}  // namespace scef::adapter
