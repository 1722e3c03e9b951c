#include "scef-adapter/engine/packed_message.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/waiting_message.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using queueing::Message;
using test::api_message;
using test::server_message;

std::unique_ptr<Message> through(const Message& message) {
    return PackedMessage(message, 3).unpack(message.id);
}

void expect_equal(const queueing::ServerExchange& a, const queueing::ServerExchange& b) {
    const auto& [endpoint, peer, message_id, token, confirmable, hash, state, asked_at, response,
                 response_message_id, custody_due, limit_due, retransmission] = a;
    EXPECT_EQ(std::tie(endpoint, peer, message_id, token, confirmable, hash, state, asked_at),
              std::tie(b.endpoint, b.peer, b.message_id, b.token, b.confirmable, b.datagram_hash,
                       b.state, b.asked_at));
    EXPECT_EQ(std::tie(response, response_message_id, limit_due),
              std::tie(b.response, b.response_message_id, b.limit_due));
    EXPECT_EQ(b.custody_due, never) << "custody was taken: " << custody_due.time_since_epoch();
    EXPECT_EQ(retransmission.due(), b.retransmission.due());
}

/// Each member is named once, so that a new one cannot be passed over.
void expect_equal(const Message& a, const Message& b) {
    const auto& [id, device, kind, order_class, priority, operation, frame, opaque, created_at,
                 expires_at, not_before, handed_over_by, retry_at, device_leg, state, level, reason,
                 attempts, attempts_max, frame_numbered, resent, holds_slot, first_submitted_at,
                 last_submitted_at, transfer_id, timeline_length, server, attached, settles, via,
                 correlation_id, response_code, response_payload, late_answer, ack, collapse_key,
                 replaces, superseded_by, replay_of, replayed_as, group_message, answer_due,
                 judged_by, window_until, quota_wait_since, quota_holder, is_queue_time_known,
                 device_deduplicates, send_now, queued_here, cancel_requested, is_contested,
                 end_detail, changed] = a;
    EXPECT_EQ(std::tie(id, device, kind, order_class, priority, operation, opaque),
              std::tie(b.id, b.device, b.kind, b.order_class, b.priority, b.operation, b.opaque));
    EXPECT_EQ(coap::serialize(frame), coap::serialize(b.frame));
    EXPECT_EQ(std::tie(created_at, expires_at, not_before, handed_over_by, retry_at),
              std::tie(b.created_at, b.expires_at, b.not_before, b.handed_over_by, b.retry_at));
    EXPECT_EQ(std::tie(device_leg, state, level, reason, attempts, attempts_max, frame_numbered),
              std::tie(b.device_leg, b.state, b.level, b.reason, b.attempts, b.attempts_max,
                       b.frame_numbered));
    EXPECT_EQ(std::tie(resent, holds_slot, first_submitted_at, last_submitted_at, transfer_id,
                       timeline_length),
              std::tie(b.resent, b.holds_slot, b.first_submitted_at, b.last_submitted_at,
                       b.transfer_id, b.timeline_length));
    expect_equal(server, b.server);
    EXPECT_EQ(attached.size(), b.attached.size());
    EXPECT_EQ(settles.has_value(), b.settles.has_value());
    EXPECT_EQ(std::tie(via, correlation_id, response_code, response_payload, late_answer, ack),
              std::tie(b.via, b.correlation_id, b.response_code, b.response_payload, b.late_answer,
                       b.ack));
    EXPECT_EQ(
        std::tie(collapse_key, replaces, superseded_by, replay_of, replayed_as, group_message),
        std::tie(b.collapse_key, b.replaces, b.superseded_by, b.replay_of, b.replayed_as,
                 b.group_message));
    EXPECT_EQ(
        std::tie(answer_due, judged_by, window_until, quota_wait_since, quota_holder),
        std::tie(b.answer_due, b.judged_by, b.window_until, b.quota_wait_since, b.quota_holder));
    EXPECT_EQ(std::tie(is_queue_time_known, device_deduplicates, send_now, queued_here),
              std::tie(b.is_queue_time_known, b.device_deduplicates, b.send_now, b.queued_here));
    EXPECT_EQ(std::tie(cancel_requested, is_contested, end_detail, changed),
              std::tie(b.cancel_requested, b.is_contested, b.end_detail, b.changed));
}

TEST(PackedMessages, have_all_that_the_message_had) {
    for (const Message& message : {api_message(), server_message()}) {
        ASSERT_TRUE(may_rest(message));
        expect_equal(message, *through(message));
    }
}

TEST(PackedMessages, have_what_most_messages_do_not_have) {
    Message message = server_message();
    message.kind = queueing::MessageKind::opaque;
    message.frame = {};
    message.opaque = {0x40, 0xff, 0x00};
    message.not_before = message.created_at + 3h + 7ns;
    message.retry_at = message.created_at - 1ms;
    message.frame_numbered = message.send_now = message.is_queue_time_known = true;
    message.device_deduplicates = message.queued_here = true;
    message.attempts_max = 3;
    message.ack = queueing::AckMode::negative;
    message.correlation_id = "order 7";
    message.collapse_key = "setpoint";
    message.quota_wait_since = Instant{5s + 1ns};
    message.quota_holder = 2;
    message.replay_of = message.id.next();
    message.group_message = message.id.next().next();
    message.via = 0;

    ASSERT_TRUE(may_rest(message));
    expect_equal(message, *through(message));
}

TEST(PackedMessages, have_times_before_their_creation_and_long_after) {
    Message message = api_message();
    message.created_at = message.id.created_at() - 9h - 1ns;  // the clock was set back
    message.expires_at = message.created_at + 24h * 365 * 60;
    message.handed_over_by = message.created_at;

    ASSERT_TRUE(may_rest(message));
    expect_equal(message, *through(message));
}

TEST(PackedMessages, tell_at_a_glance_what_is_counted) {
    const Message message = server_message();
    const auto glance = PackedMessage(message, 3).glance(message.id);

    EXPECT_EQ(glance.scef, 3u);
    EXPECT_EQ(glance.reason, message.reason);
    EXPECT_EQ(glance.created_at, message.created_at);
    EXPECT_EQ(glance.expires_at, message.expires_at);
}

TEST(PackedMessages, a_hundred_octets_take_less_than_two_hundred) {
    for (const Message& message : {api_message(), server_message()}) {
        EXPECT_LT(PackedMessage(message, 0).size(), 200u);
    }
}

struct Restless {
    const char* name;
    void (*change)(Message&);
};
class RestlessMessages : public testing::TestWithParam<Restless> {};

TEST_P(RestlessMessages, are_not_packed) {
    Message message = server_message();
    GetParam().change(message);

    EXPECT_FALSE(may_rest(message));
}

const Restless restless[] = {
    {"sent", [](Message& m) { m.device_leg = queueing::DeviceLeg::submitting; }},
    {"attempted", [](Message& m) { m.attempts = 1; }},
    {"submitted", [](Message& m) { m.first_submitted_at = m.created_at; }},
    {"submitted_again", [](Message& m) { m.last_submitted_at = m.created_at; }},
    {"resent", [](Message& m) { m.resent = true; }},
    {"holds_the_slot", [](Message& m) { m.holds_slot = true; }},
    {"at_the_scef", [](Message& m) { m.transfer_id = "t1"; }},
    {"confirmed", [](Message& m) { m.level = queueing::DeliveryLevel::scef; }},
    {"ended", [](Message& m) { m.state = queueing::MessageState::expired; }},
    {"answered", [](Message& m) { m.response_code = coap::codes::content; }},
    {"has_a_payload", [](Message& m) { m.response_payload = {1}; }},
    {"answered_late", [](Message& m) { m.late_answer = {1}; }},
    {"waits_for_an_answer", [](Message& m) { m.answer_due = Instant{1s}; }},
    {"judged", [](Message& m) { m.judged_by = 1; }},
    {"in_a_window", [](Message& m) { m.window_until = Instant{1s}; }},
    {"takes_a_place", [](Message& m) { m.replaces = m.id.next(); }},
    {"superseded", [](Message& m) { m.superseded_by = m.id.next(); }},
    {"replayed", [](Message& m) { m.replayed_as = m.id.next(); }},
    {"to_be_cancelled", [](Message& m) { m.cancel_requested = true; }},
    {"contested", [](Message& m) { m.is_contested = true; }},
    {"about_to_end", [](Message& m) { m.end_detail = "x"; }},
    {"not_written", [](Message& m) { m.changed = true; }},
    {"settles", [](Message& m) { m.settles = queueing::Settles{}; }},
    {"asked_twice", [](Message& m) { m.attached.emplace_back(); }},
    {"open_at_the_server", [](Message& m) { m.server.state = queueing::ServerLeg::open; }},
    {"responding", [](Message& m) { m.server.state = queueing::ServerLeg::responding; }},
    {"has_a_response", [](Message& m) { m.server.response = {1}; }},
    {"from_another_age", [](Message& m) { m.expires_at = WallTime::max(); }},
};
INSTANTIATE_TEST_SUITE_P(PackedMessages, RestlessMessages, testing::ValuesIn(restless),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace scef::adapter
