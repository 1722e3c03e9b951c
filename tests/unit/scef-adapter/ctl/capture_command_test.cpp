#include "scef-adapter/ctl/capture_command.h"

#include <csignal>
#include <sstream>

#include <gtest/gtest.h>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"
#include "scef-adapter/ctl/capture_writer.h"
#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

json server_packet() {
    return {{"sequence", 1},
            {"time", "2026-04-14T12:00:00.250Z"},
            {"leg", "server"},
            {"fromDevice", true},
            {"octets", "QAE="},
            {"endpoint", "127.64.0.1:15700"},
            {"peer", "127.0.0.1:40001"}};
}

json device_packet() {
    return {{"sequence", 2},
            {"time", "2026-04-14T12:00:01.000Z"},
            {"leg", "device"},
            {"fromDevice", false},
            {"octets", "QAI="}};
}

std::string text(const Bytes& octets) { return {octets.begin(), octets.end()}; }

/// What a file with these two packets must be.
std::string expected_file() {
    const SocketAddress endpoint = SocketAddress::ipv4(0x7f40'0001, 15700);
    const SocketAddress server = SocketAddress::ipv4(0x7f00'0001, 5683);  // its port as CoAP's
    const SocketAddress device = SocketAddress::ipv4(0x0a00'0001, 5683);
    const SocketAddress network = SocketAddress::ipv4(0xc000'0201, 5683);
    const WallTime noon{1'776'168'000s};
    return text(pcap::section_header("scef-adapterctl")) +
           text(pcap::interface_description("server leg")) +
           text(pcap::interface_description("device leg")) +
           text(pcap::enhanced_packet(0, noon + 250ms,
                                      pcap::udp_packet(endpoint, server, Bytes{0x40, 0x01}))) +
           text(pcap::enhanced_packet(1, noon + 1s,
                                      pcap::udp_packet(network, device, Bytes{0x40, 0x02})));
}

TEST(CaptureWriter, each_leg_is_an_interface_and_the_servers_port_is_that_of_coap) {
    std::ostringstream out;
    CaptureWriter dut(out);
    EXPECT_TRUE(dut.write(server_packet()));
    EXPECT_TRUE(dut.write(device_packet()));
    EXPECT_EQ(out.str(), expected_file());
    EXPECT_EQ(dut.server_leg(), 1u);
    EXPECT_EQ(dut.device_leg(), 1u);
}

TEST(CaptureWriter, a_packet_that_cannot_be_read_is_named) {
    std::ostringstream out;
    CaptureWriter dut(out);
    for (const auto& [member, value, says] :
         {std::tuple{"octets", "%", "octets"}, std::tuple{"time", "noon", "time"},
          std::tuple{"peer", "somewhere", "addresses"},
          std::tuple{"endpoint", "::1", "addresses"}}) {
        json packet = server_packet();
        packet[member] = value;
        const Status written = dut.write(packet);
        ASSERT_FALSE(written) << member;
        EXPECT_NE(written.error().message.find(says), std::string::npos) << written.error().message;
    }
}

TEST(CaptureWriter, a_stream_that_takes_no_more_is_an_error) {
    std::ostringstream out;
    CaptureWriter dut(out);
    out.setstate(std::ios::badbit);
    EXPECT_FALSE(dut.write(device_packet()));
}

/// An API that gives one page, then another, and then nothing more.
class CaptureCommand : public testing::Test {
protected:
    int capture(const std::string& duration) {
        return devices_capture(Session{{api_.url(), ""}, false, out, err},
                               {"meter@iot.example", "-", duration, 0ms});
    }

    std::vector<std::string> asked;
    int status = 200;
    std::ostringstream out, err;

private:
    FakeAdminApi api_{[this](const httplib::Request& request, httplib::Response& response) {
        asked.push_back(request.target);
        response.status = status;
        if (status != 200) {
            return response.set_content(R"({"detail":"no such device"})",
                                        "application/problem+json");
        }
        json page{{"packets", json::array()}, {"last", 1}, {"lost", 0}, {"isNew", false}};
        if (asked.size() == 1) page["packets"].push_back(server_packet());
        if (asked.size() == 2) page["packets"].push_back(device_packet());
        if (asked.size() == 2) page["lost"] = 5;
        if (asked.size() == 2) std::raise(SIGINT);
        response.set_content(page.dump(), "application/json");
    }};
};

TEST_F(CaptureCommand, reads_on_from_the_last_packet_until_it_is_interrupted) {
    EXPECT_EQ(capture(""), 0) << err.str();
    EXPECT_EQ(out.str(), expected_file());
    const std::string path = "/api/v1/devices/meter@iot.example/capture";
    EXPECT_EQ(asked, (std::vector{path, path + "?after=1", path + "?after=1"}))
        << "once more after the end";
    EXPECT_NE(err.str().find("5 packets were lost"), std::string::npos) << err.str();
    EXPECT_NE(err.str().find("1 datagrams of the server leg and 1 frames"), std::string::npos)
        << err.str();
}

TEST_F(CaptureCommand, ends_when_the_time_is_over) {
    EXPECT_EQ(capture("1ms"), 0) << err.str();
    EXPECT_FALSE(asked.empty());
}

TEST_F(CaptureCommand, a_refusal_is_one_sentence_and_1) {
    status = 404;
    EXPECT_EQ(capture("10m"), 1);
    EXPECT_EQ(err.str(), "scef-adapterctl: no such device (HTTP 404)\n");
}

TEST_F(CaptureCommand, a_time_that_is_none_is_said) {
    EXPECT_EQ(capture("soon"), 1);
    EXPECT_NE(err.str().find("--for"), std::string::npos);
    EXPECT_TRUE(asked.empty());
}

TEST_F(CaptureCommand, a_file_that_cannot_be_written_is_named) {
    EXPECT_EQ(devices_capture(Session{{"http://127.0.0.1:1", ""}, false, out, err},
                              {"meter@iot.example", "/nonexistent/x.pcapng", "", 0ms}),
              1);
    EXPECT_NE(err.str().find("/nonexistent/x.pcapng cannot be written"), std::string::npos)
        << err.str();
}

}  // namespace
}  // namespace scef::ctl
