#include "scef-adapter/capture/captures.h"

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;
using Leg = CapturedPacket::Leg;

const SocketAddress server = SocketAddress::ipv4(0x7f00'0001, 5683);

/// One device with two servers, of which it is endpoints 3 and 4.
struct CapturesTest : testing::Test {
    CapturesTest() {
        device.spec.external_id = *ExternalId::parse("meter@iot.example");
        device.endpoints.resize(2);
        device.endpoints[0].index = 3;
        device.endpoints[1].index = 4;
        device.nidd.capability = nidd::Capability::make(2, 7, random);
    }

    Turn now() { return {steady, wall, random}; }
    CapturePage read(std::optional<std::uint64_t> after = std::nullopt) {
        auto page = dut.read(device, after, now());
        EXPECT_TRUE(page) << page.error().message;
        return *page;
    }
    void datagram(queueing::EndpointIndex endpoint, const char* text, bool from_device = false) {
        dut.on_datagram(endpoint, from_device, server, bytes_of(text), now());
    }
    void delivery(const char* device_name, const char* text) {
        nidd::NiddDownlinkDataTransfer transfer;
        transfer.external_id = device_name;
        transfer.data = bytes_of(text);
        dut.on_delivery(nidd::to_json(transfer), now());
    }
    void uplink(const nidd::Capability& capability, const char* text) {
        nidd::NiddUplinkDataNotification body;
        body.data = bytes_of(text);
        dut.on_notification({capability, body}, now());
    }
    static Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
    static std::string texts(const CapturePage& page) {
        std::string all;
        for (const CapturedPacket& packet : page.packets) {
            all += all.empty() ? "" : " ";
            all.append(packet.octets.begin(), packet.octets.end());
        }
        return all;
    }

    SeededRandom random{11};
    Instant steady{1h};
    WallTime wall{24h * 365 * 50};
    Device device;
    Captures dut;
};

TEST_F(CapturesTest, nothing_is_kept_of_a_device_that_nobody_looks_at) {
    datagram(3, "before");
    EXPECT_TRUE(dut.is_idle());
    const CapturePage first = read();
    EXPECT_TRUE(first.is_new);
    EXPECT_EQ(texts(first), "");
    EXPECT_FALSE(dut.is_idle());
}

TEST_F(CapturesTest, both_legs_in_both_directions_in_their_order) {
    read();
    datagram(3, "request");
    wall += 5ms;
    delivery("meter@iot.example", "down");
    uplink(device.nidd.capability, "up");
    datagram(4, "answer", true);

    const CapturePage page = read(0);

    EXPECT_FALSE(page.is_new);
    ASSERT_EQ(texts(page), "request down up answer");
    const auto& packets = page.packets;
    EXPECT_EQ((std::vector{packets[0].leg, packets[1].leg, packets[2].leg, packets[3].leg}),
              (std::vector{Leg::server, Leg::device, Leg::device, Leg::server}));
    EXPECT_EQ((std::vector<bool>{packets[0].from_device, packets[1].from_device,
                                 packets[2].from_device, packets[3].from_device}),
              (std::vector<bool>{false, false, true, true}));
    EXPECT_EQ(packets[0].peer, server);
    EXPECT_EQ(packets[3].endpoint, 4u);
    EXPECT_EQ(packets[1].time, packets[0].time + 5ms);
}

TEST_F(CapturesTest, other_devices_stay_out_and_so_does_who_only_claims_to_be_the_scef) {
    read();
    datagram(5, "of another endpoint");
    delivery("other@iot.example", "of another device");
    nidd::Capability forged = device.nidd.capability;
    forged.secret[0] ^= 1;
    uplink(forged, "forged");
    dut.on_notification({device.nidd.capability, nidd::TestNotification{}}, now());
    dut.on_delivery("no JSON", now());

    EXPECT_EQ(texts(read(0)), "");
}

TEST_F(CapturesTest, each_reader_goes_on_where_it_was) {
    read();
    datagram(3, "a");
    const CapturePage first = read(0);
    datagram(3, "b");
    EXPECT_EQ(texts(read(first.last)), "b");
    EXPECT_EQ(texts(read(0)), "a b") << "a second reader";
    EXPECT_EQ(texts(read()), "") << "one that wants what comes from now on";
    EXPECT_EQ(texts(read(77)), "a b") << "a number of a capture that is over";
}

TEST_F(CapturesTest, what_is_not_read_in_time_is_dropped_and_counted) {
    read();
    for (std::size_t i = 0; i < Captures::packets_max + 3; ++i) datagram(3, "x");
    CapturePage page = read(1);
    EXPECT_EQ(page.lost, 2u);
    EXPECT_EQ(page.packets.size(), Captures::packets_max);
    EXPECT_EQ(page.packets.front().sequence, 4u);
    EXPECT_EQ(page.last, Captures::packets_max + 3);

    const std::string large(Captures::octets_max / 4, 'y');
    for (int i = 0; i < 5; ++i) datagram(3, large.c_str());
    page = read(page.last);
    EXPECT_EQ(page.packets.size(), 4u) << "octets are limited too";
    EXPECT_EQ(page.lost, 1u);
}

TEST_F(CapturesTest, a_capture_ends_a_minute_after_its_last_reader) {
    read();
    steady += Captures::idle_max;
    datagram(3, "kept");
    EXPECT_EQ(texts(read(0)), "kept");
    steady += Captures::idle_max + 1ns;
    datagram(3, "too late");
    EXPECT_TRUE(dut.is_idle());
    EXPECT_TRUE(read(0).is_new);
}

TEST_F(CapturesTest, there_is_room_for_so_many_devices) {
    for (std::size_t i = 0; i < Captures::devices_max; ++i) {
        device.spec.external_id = *ExternalId::parse("m" + std::to_string(i) + "@iot.example");
        read();
    }
    device.spec.external_id = *ExternalId::parse("one-too-many@iot.example");
    const auto refused = dut.read(device, std::nullopt, now());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    steady += Captures::idle_max + 1s;
    EXPECT_TRUE(read().is_new) << "the others were left alone";
}

}  // namespace
}  // namespace scef::adapter::test
