#include "simulators/modem-simulator/pcap_tap.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

const SocketAddress network = SocketAddress::ipv4(0xc0000201, 5683);
const SocketAddress first = SocketAddress::ipv4(0x0a000001, 5683);
const SocketAddress second = SocketAddress::ipv4(0x0a000002, 5683);

class PcapTapTest : public testing::Test {
protected:
    ~PcapTapTest() override { std::filesystem::remove(path); }

    PcapTap dut_for(const std::vector<ExternalId>& only = {}) {
        return PcapTap(std::move(*pcap::CaptureFile::create(path, "test")), only);
    }
    static LogEntry entry(LogEntry::Kind kind, Bytes frame = {7}) {
        return {1, WallTime(5s), kind, std::move(frame), "a note"};
    }
    /// What the file holds after its header.
    Bytes content() const {
        std::ifstream file(path, std::ios::binary);
        Bytes all{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        all.erase(all.begin(),
                  all.begin() + static_cast<long>(pcap::section_header("test").size()));
        return all;
    }
    static Bytes joined(std::initializer_list<Bytes> blocks) {
        Bytes all;
        for (const Bytes& block : blocks) all.insert(all.end(), block.begin(), block.end());
        return all;
    }
    static Bytes packet(std::uint32_t interface, const SocketAddress& from,
                        const SocketAddress& to) {
        return pcap::enhanced_packet(interface, WallTime(5s), pcap::udp_packet(from, to, Bytes{7}));
    }
    const std::string path = testing::TempDir() + "pcap_tap." + std::to_string(::getpid());
};

TEST_F(PcapTapTest, each_device_has_an_interface_and_an_address) {
    PcapTap dut = dut_for();
    EXPECT_TRUE(dut.on_entry("a@x.y", entry(LogEntry::Kind::up)));
    EXPECT_TRUE(dut.on_entry("b@x.y", entry(LogEntry::Kind::down)));
    EXPECT_TRUE(dut.on_entry("a@x.y", entry(LogEntry::Kind::down)));
    EXPECT_EQ(content(), joined({pcap::interface_description("a@x.y"), packet(0, first, network),
                                 pcap::interface_description("b@x.y"), packet(1, network, second),
                                 packet(0, network, first)}));
}

TEST_F(PcapTapTest, notes_and_other_devices_pass_by) {
    PcapTap dut = dut_for({*ExternalId::parse("b@x.y")});
    EXPECT_TRUE(dut.on_entry("a@x.y", entry(LogEntry::Kind::up)));
    EXPECT_TRUE(dut.on_entry("b@x.y", entry(LogEntry::Kind::note)));
    EXPECT_TRUE(content().empty());
    EXPECT_TRUE(dut.on_entry("b@x.y", entry(LogEntry::Kind::up)));
    EXPECT_EQ(content(), joined({pcap::interface_description("b@x.y"), packet(0, first, network)}));
}

}  // namespace
}  // namespace scef::modem_simulator
