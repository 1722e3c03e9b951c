#include "simulators/modem-simulator/at_port.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

namespace scef::modem_simulator {
namespace {

namespace fs = std::filesystem;

class AtPortTest : public testing::Test {
protected:
    AtPortTest() { fs::create_directory(folder); }
    ~AtPortTest() override { fs::remove_all(folder); }

    static std::string read_from(int descriptor) {
        pollfd watched{descriptor, POLLIN, 0};
        if (::poll(&watched, 1, 10'000) != 1) return "nothing within 10 s";
        std::array<char, 8192> buffer{};
        const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
        return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

    const std::string folder = testing::TempDir() + "at_port." + std::to_string(::getpid());
    const std::string path = folder + "/modem";
};

TEST_F(AtPortTest, octets_pass_as_they_are_both_ways) {
    auto dut = AtPort::open(path);
    ASSERT_TRUE(dut) << dut.error().message;
    const int user = ::open(path.c_str(), O_RDWR | O_NOCTTY);
    ASSERT_GE(user, 0);
    EXPECT_EQ(::write(user, "AT\r\x03\x04\b", 6), 6);
    pollfd watched{dut->descriptor(), POLLIN, 0};
    ASSERT_EQ(::poll(&watched, 1, 10'000), 1);
    EXPECT_EQ(dut->read(), "AT\r\x03\x04\b");
    EXPECT_EQ(dut->read(), "");
    dut->write("\r\nOK\r\n");
    EXPECT_EQ(read_from(user), "\r\nOK\r\n");
    ::close(user);
}

TEST_F(AtPortTest, the_link_goes_with_the_port) {
    { ASSERT_TRUE(AtPort::open(path)); }
    EXPECT_FALSE(fs::is_symlink(path));
}

TEST_F(AtPortTest, a_link_left_by_a_killed_program_is_replaced_and_nothing_else) {
    fs::create_symlink("/dev/pts/99999", path);
    EXPECT_TRUE(AtPort::open(path));
    fs::create_symlink("/etc/hostname", path);
    EXPECT_FALSE(AtPort::open(path));
    fs::remove(path);
    std::ofstream(path) << "mine";
    const auto refused = AtPort::open(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "--at: " + path + " is there already");
    EXPECT_TRUE(fs::is_regular_file(path));
}

TEST_F(AtPortTest, a_folder_that_is_not_there_is_a_sentence) {
    const auto refused = AtPort::open(folder + "/none/modem");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("No such file"), std::string::npos);
}

TEST_F(AtPortTest, what_nobody_reads_gives_way_to_what_is_new) {
    auto dut = AtPort::open(path);
    ASSERT_TRUE(dut);
    for (int i = 0; i < 10'000; ++i) dut->write("\r\n+CSCON: 0\r\n");
    dut->write("\r\nlast\r\n");
    const int user = ::open(path.c_str(), O_RDWR | O_NOCTTY);
    std::string text;
    while (!text.ends_with("\r\nlast\r\n") && text.size() < 100'000) text += read_from(user);
    EXPECT_TRUE(text.ends_with("\r\nlast\r\n"));
    EXPECT_LT(text.size(), 100'000U);
    ::close(user);
}

}  // namespace
}  // namespace scef::modem_simulator
