#include "simulators/lwm2m-server-simulator/pcap_watcher.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"

namespace scef::lwm2m_server_simulator {
namespace {

class PcapWatcherTest : public testing::Test {
protected:
    ~PcapWatcherTest() override { std::filesystem::remove(path); }

    /// What the capture of one datagram ends with: the packet, and the length of its block.
    std::string end_of_file(std::size_t octets) const {
        std::ifstream file(path, std::ios::binary);
        const Bytes all{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        return all.size() < octets ? "" : to_hex(ByteView(all).last(octets));
    }
    static std::string packet(const SocketAddress& from, const SocketAddress& to) {
        const Bytes block =
            pcap::enhanced_packet(0, WallTime(), pcap::udp_packet(from, to, from_hex("40011234")));
        constexpr std::size_t until_time_ends = 20;
        return to_hex(ByteView(block).subspan(until_time_ends));
    }
    const std::string path = testing::TempDir() + "pcap_watcher." + std::to_string(::getpid());
    const SocketAddress server = SocketAddress::ipv4(0x7f000001, 5683);
    const SocketAddress peer = SocketAddress::ipv4(0x7f400001, 15700);
};

TEST_F(PcapWatcherTest, the_server_is_at_port_5683_wherever_it_listens) {
    auto watcher = pcap_watcher(path, "127.0.0.1:5693");
    ASSERT_TRUE(watcher) << watcher.error().message;
    (*watcher)(true, from_hex("40011234"), "127.64.0.1:15700");
    const std::string in = packet(peer, server);
    EXPECT_EQ(end_of_file(in.size() / 2), in);
    (*watcher)(false, from_hex("40011234"), "127.64.0.1:15700");
    const std::string out = packet(server, peer);
    EXPECT_EQ(end_of_file(out.size() / 2), out);
}

TEST_F(PcapWatcherTest, what_comes_from_no_address_is_left_out) {
    auto watcher = pcap_watcher(path, "127.0.0.1:5683");
    ASSERT_TRUE(watcher);
    const auto size = std::filesystem::file_size(path);
    (*watcher)(true, from_hex("40011234"), "nowhere");
    EXPECT_EQ(std::filesystem::file_size(path), size);
}

TEST_F(PcapWatcherTest, a_file_that_cannot_be_made_is_a_sentence) {
    EXPECT_FALSE(pcap_watcher("/no/such/folder/file", "127.0.0.1:5683"));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
