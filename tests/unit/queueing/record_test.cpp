#include "queueing/record.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "queueing/message.h"
#include "queueing/operation_name.h"
#include "queueing/uplink.h"

namespace scef::queueing {
namespace {

Message full_message() {
    Message message;
    SeededRandom random(7);
    message.id =
        MessageId::make(3, Turn{Instant{}, WallTime(Duration(1'790'000'000'000'000'000)), random});
    message.device = 9;
    message.priority = Priority::high;
    message.frame.code = coap::codes::get;
    message.frame.message_id = 77;
    message.frame.token = coap::Token{1, 2};
    message.frame.add_text(coap::options::uri_path, "3");
    message.expires_at = WallTime(Duration(5));
    message.device_leg = DeviceLeg::net_buffered;
    message.state = MessageState::accepted;
    message.attempts = 2;
    message.holds_slot = true;
    message.transfer_id = "t1";
    message.server.endpoint = 4;
    message.server.peer = SocketAddress::ipv4(0x7f000001, 5683);
    message.server.message_id = 5;
    message.server.token = coap::Token{9};
    message.server.datagram_hash = 11;
    message.server.state = ServerLeg::responding;
    message.server.asked_at = WallTime(std::chrono::seconds(1'790'000'000));
    message.server.response = {1, 2, 3};
    message.server.response_message_id = 6;
    message.attached = {message.server, message.server};
    message.attached[1].message_id = 7;
    message.settles = Settles{8, 12};
    message.via = EndpointIndex{4};
    message.correlation_id = "c";
    message.response_code = coap::codes::content;
    message.response_payload = {7};
    message.collapse_key = "k";
    message.replaces = message.id.next();
    message.superseded_by = message.replaces.next();
    message.ack = AckMode::negative;
    message.replay_of = message.superseded_by.next();
    message.replayed_as = message.replay_of.next();
    message.group_message = message.replayed_as.next();
    return message;
}

TEST(MessageRecord, it_comes_back_as_it_was_written) {
    const Bytes record = to_record(full_message());
    const auto back = message_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(to_record(*back), record);
    EXPECT_EQ(back->frame, full_message().frame);
    EXPECT_EQ(back->server.peer, full_message().server.peer);
    EXPECT_TRUE(back->holds_slot);
    ASSERT_EQ(back->attached.size(), 2u);
    EXPECT_EQ(back->attached[1].message_id, 7);
    EXPECT_EQ(back->settles->content, 12u);
    EXPECT_EQ(back->via, EndpointIndex{4});
    EXPECT_EQ(back->collapse_key, "k");
    EXPECT_EQ(back->replaces, full_message().replaces);
    EXPECT_EQ(back->superseded_by, full_message().superseded_by);
    EXPECT_EQ(back->replay_of, full_message().replay_of);
    EXPECT_EQ(back->replayed_as, full_message().replayed_as);
    EXPECT_EQ(back->group_message, full_message().group_message);
}

constexpr std::size_t kin_octets = 3 * (1 + 16);
constexpr std::size_t ack_octets = 1;

TEST(MessageRecord, one_of_before_replays_and_groups_is_read) {
    Bytes record = to_record(full_message());
    record.resize(record.size() - kin_octets);
    record[0] = 4;
    const auto back = message_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->ack, AckMode::negative);
    EXPECT_TRUE(back->replay_of.empty() && back->replayed_as.empty());
    EXPECT_TRUE(back->group_message.empty());
    EXPECT_EQ(back->superseded_by, full_message().superseded_by);
}

TEST(MessageRecord, one_of_before_ack_is_read) {
    Bytes record = to_record(full_message());
    record.resize(record.size() - kin_octets - ack_octets);
    record[0] = 3;
    const auto back = message_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->ack, AckMode::full);
    EXPECT_EQ(back->superseded_by, full_message().superseded_by);
}

TEST(MessageRecord, one_of_before_replacements_is_read) {
    Message message = full_message();
    message.collapse_key.clear();
    Bytes record = to_record(message);
    constexpr std::size_t added = 4 + 16 + 16 + ack_octets + kin_octets;
    record.resize(record.size() - added);
    record[0] = 2;
    const auto back = message_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->via, EndpointIndex{4});
    EXPECT_TRUE(back->replaces.empty());
    EXPECT_TRUE(back->superseded_by.empty());
}

TEST(MessageRecord, an_opaque_one_keeps_its_octets) {
    Message message = full_message();
    message.kind = MessageKind::opaque;
    message.opaque = {0xff, 0, 1};
    EXPECT_EQ(message_from_record(to_record(message))->opaque, message.opaque);
}

TEST(Message, a_word_says_what_it_does) {
    Message message;
    EXPECT_EQ(operation_name(message), "other");
    message.operation = lwm2m::Operation::write;
    EXPECT_EQ(operation_name(message), "write");
    message.kind = MessageKind::reply;
    EXPECT_EQ(operation_name(message), "reply");
    message.kind = MessageKind::opaque;
    EXPECT_EQ(operation_name(message), "opaque");
}

TEST(MessageRecord, cut_off_at_any_octet_it_is_corrupt) {
    const Bytes record = to_record(full_message());
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(message_from_record(ByteView(record).first(size))) << size;
    }
}

TEST(MessageRecord, no_changed_octet_makes_it_crash) {
    const Bytes record = to_record(full_message());
    EXPECT_TRUE(rc::check([&](std::size_t at, std::uint8_t value) {
        Bytes changed = record;
        changed[at % changed.size()] = value;
        (void)message_from_record(changed);
    }));
}

Uplink full_uplink() {
    Uplink uplink;
    uplink.device = 3;
    uplink.kind = UplinkKind::notification;
    uplink.state = UplinkState::waiting;
    uplink.device_token = coap::Token{1};
    uplink.datagram = {0x40, 1, 0, 1};
    uplink.device_acknowledged = true;
    uplink.rounds = 4;
    uplink.via = EndpointIndex{0};
    return uplink;
}

TEST(UplinkRecord, it_comes_back_as_it_was_written_and_cut_off_it_is_corrupt) {
    const Bytes record = to_record(full_uplink());
    const auto back = uplink_from_record(record);
    ASSERT_TRUE(back);
    EXPECT_EQ(to_record(*back), record);
    for (std::size_t size = 0; size < record.size(); ++size) {
        EXPECT_FALSE(uplink_from_record(ByteView(record).first(size))) << size;
    }
}

}  // namespace
}  // namespace scef::queueing
