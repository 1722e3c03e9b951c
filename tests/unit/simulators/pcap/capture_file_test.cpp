#include "simulators/pcap/capture_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"

namespace scef::pcap {
namespace {

using namespace std::chrono_literals;

class CaptureFileTest : public testing::Test {
protected:
    ~CaptureFileTest() override { std::filesystem::remove(path); }

    Bytes content() const {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    const std::string path = testing::TempDir() + "capture." + std::to_string(::getpid());
    const SocketAddress from = SocketAddress::ipv4(0x0a000001, 5683);
    const SocketAddress to = SocketAddress::ipv4(0x0a000002, 5683);
};

TEST_F(CaptureFileTest, can_be_read_while_it_is_written) {
    const auto dut = std::move(*CaptureFile::create(path, "test"));
    Bytes expected = section_header("test");
    EXPECT_EQ(content(), expected);
    EXPECT_EQ(dut->add_interface("a"), 0U);
    EXPECT_EQ(dut->add_interface("b"), 1U);
    dut->write(1, WallTime(1s), from, to, Bytes{1, 2});
    for (const Bytes& block :
         {interface_description("a"), interface_description("b"),
          enhanced_packet(1, WallTime(1s), udp_packet(from, to, Bytes{1, 2}))}) {
        expected.insert(expected.end(), block.begin(), block.end());
    }
    EXPECT_EQ(content(), expected);
    EXPECT_TRUE(dut->is_good());
}

TEST_F(CaptureFileTest, begins_anew_each_time) {
    std::ofstream(path) << std::string(1000, 'x');
    ASSERT_TRUE(CaptureFile::create(path, "test"));
    EXPECT_EQ(content(), section_header("test"));
}

TEST_F(CaptureFileTest, that_cannot_be_made_is_a_sentence) {
    const auto refused = CaptureFile::create("/no/such/folder/file", "test");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("No such file"), std::string::npos);
}

TEST_F(CaptureFileTest, says_when_the_disk_is_full) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
    const auto dut = std::move(*CaptureFile::create("/dev/full", "test"));
    dut->write(0, WallTime(1s), from, to, Bytes{1});
    EXPECT_FALSE(dut->is_good());
}

}  // namespace
}  // namespace scef::pcap
