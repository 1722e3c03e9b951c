#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string capture = "/api/v1/devices/meter-1@iot.example/capture";

class CaptureRoutes : public testing::Test {
protected:
    CaptureRoutes() { dut.add_device("meter-1@iot.example"); }

    /// A datagram of a server to the device's endpoint.
    void pass(const Bytes& octets) {
        const auto id = *ExternalId::parse("meter-1@iot.example");
        queueing::EndpointIndex endpoint = 0;
        dut.shards.query(id.shard(dut.shards.shards()), [&](const Engine& engine, const Turn&) {
            endpoint = engine.find_device(id)->endpoints.at(0).index;
        });
        dut.shards.captures.on_datagram(endpoint, false, SocketAddress::ipv4(0x7f00'0001, 5683),
                                        octets, dut.shards.turn());
    }

    ApiUnderTest dut;
};

TEST_F(CaptureRoutes, what_passes_is_given_once_for_each_number) {
    const Answer first = dut.call("GET", capture);
    ASSERT_EQ(first.status, 200) << first.text;
    EXPECT_EQ(first.body,
              (json{{"packets", json::array()}, {"last", 0}, {"lost", 0}, {"isNew", true}}));
    pass({0x40, 0x01, 0x00, 0x01});
    const Answer second = dut.call("GET", capture + "?after=0");
    EXPECT_EQ(second.body["last"], 1);
    EXPECT_EQ(second.body["isNew"], false);
    ASSERT_EQ(second.body["packets"].size(), 1u);
    const json& packet = second.body["packets"][0];
    EXPECT_EQ(packet["sequence"], 1);
    EXPECT_EQ(packet["time"], "2025-12-18T00:00:00.000Z");
    EXPECT_EQ(packet["leg"], "server");
    EXPECT_EQ(packet["fromDevice"], false);
    EXPECT_EQ(packet["octets"], "QAEAAQ==");
    EXPECT_EQ(packet["peer"], "127.0.0.1:5683");
    EXPECT_TRUE(packet["endpoint"].get<std::string>().starts_with("127.64.0.")) << packet;
    EXPECT_EQ(dut.call("GET", capture + "?after=1").body["packets"], json::array());
}

TEST_F(CaptureRoutes, a_frame_has_no_addresses) {
    dut.call("GET", capture);
    dut.shards.captures.on_delivery(R"({"externalId":"meter-1@iot.example","data":"QAEAAQ=="})",
                                    dut.shards.turn());
    const Answer answer = dut.call("GET", capture + "?after=0");
    ASSERT_EQ(answer.body["packets"].size(), 1u) << answer.text;
    const json& packet = answer.body["packets"][0];
    EXPECT_EQ(packet["leg"], "device");
    EXPECT_FALSE(packet.contains("peer"));
    EXPECT_FALSE(packet.contains("endpoint"));
}

TEST_F(CaptureRoutes, refusals_say_what_to_do) {
    EXPECT_EQ(dut.call("GET", "/api/v1/devices/nobody@iot.example/capture").status, 404);
    for (const char* after : {"", "-1", "1x", "99999999999999999999"}) {
        const Answer answer = dut.call("GET", capture + "?after=" + after);
        EXPECT_EQ(answer.status, 400) << after;
        EXPECT_NE(answer.text.find("last"), std::string::npos) << answer.text;
    }
}

}  // namespace
}  // namespace scef::adapter::test
