#include "simulators/modem-link/frame.h"

#include <gtest/gtest.h>

namespace scef::modem_link {
namespace {

Frame round_trip(const Frame& frame) {
    Result<Frame> read = parse(serialize(frame));
    EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
    return read ? *read : Frame{};
}

TEST(ModemLinkFrame, a_trigger_carries_its_application_port) {
    Frame frame{Kind::trigger, "a@b", 7, "", "", {1}};
    frame.port = 5683;
    const auto parsed = parse(serialize(frame));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->port, 5683);
    EXPECT_EQ(parsed->data, Bytes{1});
    EXPECT_FALSE(parse(R"({"kind":"trigger","externalId":"a@b","sequence":1,"data":"AQ=="})"));
}

TEST(ModemLinkFrame, a_downlink_survives_the_way_there_and_back) {
    const Frame sent{Kind::downlink, "meter-1@iot.example", 4'294'967'295U, "", "",
                     {0x00, 0xFF, 7}};
    const Frame received = round_trip(sent);
    EXPECT_EQ(received.kind, Kind::downlink);
    EXPECT_EQ(received.external_id, sent.external_id);
    EXPECT_EQ(received.sequence, sent.sequence);
    EXPECT_EQ(received.data, sent.data);
}

TEST(ModemLinkFrame, rds_ports_ride_beside_the_data) {
    const Frame sent{Kind::uplink, "a@b", 1, "", "", {7}, RdsPort{15, 0}};
    EXPECT_EQ(round_trip(sent).rds, (RdsPort{15, 0}));
    EXPECT_EQ(round_trip({Kind::uplink, "a@b", 1, "", "", {7}}).rds, std::nullopt);
    EXPECT_EQ(round_trip({Kind::ack, "a@b", 1, "", "", {}, RdsPort{1, 2}}).rds, std::nullopt);
}

TEST(ModemLinkFrame, an_empty_frame_is_carried_too) {
    EXPECT_TRUE(round_trip({Kind::uplink, "a@b", 1, "", "", {}}).data.empty());
}

TEST(ModemLinkFrame, an_attach_names_its_state) {
    EXPECT_EQ(round_trip({Kind::attach, "a@b", 0, "psm", "", {}}).state, "psm");
}

TEST(ModemLinkFrame, a_refusal_says_why) {
    const Frame received = round_trip({Kind::refused, "a@b", 7, "", "no-configuration", {}});
    EXPECT_EQ(received.reason, "no-configuration");
    EXPECT_EQ(received.sequence, 7U);
}

TEST(ModemLinkFrame, every_kind_has_its_own_name) {
    for (const Kind kind : {Kind::attach, Kind::detach, Kind::attached, Kind::state, Kind::uplink,
                            Kind::downlink, Kind::ack, Kind::refused}) {
        EXPECT_EQ(round_trip({kind, "a@b", 1, "idle", "", {1}}).kind, kind);
    }
}

TEST(ModemLinkFrame, a_frame_can_be_typed_by_hand) {
    const Result<Frame> frame = parse(
        R"({ "kind": "uplink", "externalId": "a@b", "sequence": 3, "data": "aGk=", "note": 1 })");
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(as_text(frame->data), "hi");
}

TEST(ModemLinkFrame, text_that_is_not_utf_8_does_not_break_the_writer) {
    EXPECT_TRUE(parse(serialize({Kind::detach, "\xFF@b", 0, "", "", {}})).has_value());
}

class BadFrame : public testing::TestWithParam<std::string> {};

TEST_P(BadFrame, is_refused_as_malformed) {
    const Result<Frame> frame = parse(GetParam());
    ASSERT_FALSE(frame.has_value());
    EXPECT_EQ(frame.error().code, Errc::malformed);
}

INSTANTIATE_TEST_SUITE_P(
    ModemLinkFrame, BadFrame,
    testing::Values("", "x", "[]", "{}", "null", R"({"kind":"ack"})",
                    R"({"kind":"wave","externalId":"a@b"})", R"({"kind":"ack","externalId":"a@b"})",
                    R"({"kind":"ack","externalId":"a@b","sequence":-1})",
                    R"({"kind":"ack","externalId":"a@b","sequence":4294967296})",
                    R"({"kind":"ack","externalId":"a@b","sequence":"1"})",
                    R"({"kind":"ack","externalId":"","sequence":1})",
                    R"({"kind":"uplink","externalId":"a@b","sequence":1})",
                    R"({"kind":"uplink","externalId":"a@b","sequence":1,"data":"?"})",
                    R"({"kind":"attach","externalId":"a@b"})",
                    R"({"kind":"attach","externalId":"a@b","state":"asleep"})",
                    R"({"kind":"detach","externalId":"a@b"} x)",
                    R"({"kind":"detach","externalId":"a@b","x":)" + std::string(100'000, '[')));

}  // namespace
}  // namespace scef::modem_link
