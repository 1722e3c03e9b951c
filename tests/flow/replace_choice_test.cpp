#include <gtest/gtest.h>

#include "tests/flow/replace_world.h"

/// D27: whose place is taken, when the PUT goes, and what it costs.
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using Names = std::vector<std::string>;

/// Two frames that nobody answers, so both can be at the SCEF.
struct TwoHeld : Replacing {
    TwoHeld() {
        command(adapter::PurgeMessages{0, id()});
        settle();
        for (const char* octets : {"one", "two"}) {
            ids.push_back(enqueue(to_bytes(octets), [](adapter::EnqueueMessage& event) {
                              event.opaque = event.send_now = true;
                          }).result->message);
            settle();
        }
        EXPECT_EQ(scef.transfers().size(), 2u);
    }
    std::vector<MessageId> ids;
};

TEST(ReplaceChoice, of_several_that_the_SCEF_holds_one_is_replaced_and_the_others_deleted) {
    TwoHeld w;
    const int deleted = w.scef.withdrawals;
    EXPECT_EQ(w.replace("new").result->affected, 2u);
    EXPECT_EQ(w.scef.puts, 1);
    EXPECT_EQ(w.scef.withdrawals, deleted + 1);
    for (const MessageId& id : w.ids) {
        EXPECT_EQ(w.state(id), MessageState::superseded);
        EXPECT_EQ(w.message(id).superseded_by, w.newer);
    }
    EXPECT_EQ(w.held(), Names{"new"});
}

TEST(ReplaceChoice, a_DELETE_that_is_too_late_lets_the_older_one_go_on) {
    TwoHeld w;
    w.scef.delete_is_too_late = true;
    w.replace("new");
    EXPECT_EQ(w.state(w.ids[0]), MessageState::superseded);
    EXPECT_EQ(w.state(w.ids[1]), MessageState::accepted);
    w.device_wakes();
    w.advance(1s);
    EXPECT_EQ(w.state(w.ids[1]), MessageState::delivered);
}

TEST(ReplaceChoice, while_a_request_waits_for_its_answer_nothing_else_is_put_at_the_SCEF) {
    TwoHeld w;
    w.scef.connected[w.device.external_id()] = true;
    w.device.answers = false;
    const MessageId asked = w.enqueue(write_frame("asked"), at_once).result->message;
    w.settle();
    EXPECT_EQ(w.message(asked).device_leg, DeviceLeg::awaiting_answer);
    w.replace("new");
    EXPECT_EQ(w.scef.puts, 0);
    EXPECT_TRUE(w.held().empty());
    EXPECT_EQ(w.state(w.newer), MessageState::queued);
    EXPECT_EQ(w.message(asked).device_leg, DeviceLeg::awaiting_answer);
}

TEST(ReplaceChoice, for_a_newer_one_that_may_not_go_yet_the_older_one_is_deleted) {
    for (const bool is_paused : {true, false}) {
        Replacing w;
        if (is_paused) w.command(adapter::PauseDevice{0, w.id(), true});
        w.replace("new", coap::codes::put, [&](adapter::EnqueueMessage& event) {
            if (!is_paused) event.not_before = w.wall() + 1h;
        });
        EXPECT_EQ(w.scef.puts, 0);
        EXPECT_TRUE(w.held().empty());
        EXPECT_EQ(w.state(w.old), MessageState::superseded);
        EXPECT_EQ(w.message(w.newer).reason, is_paused ? Reason::paused : Reason::not_before);
    }
}

TEST(ReplaceChoice, the_air_frame_is_charged_once) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{1, 1h}, 1}};
    config.quotas["default"].downlink.allowances = {{1000, {}}};
    Replacing w(config);
    const auto before = w.known().downlink_quota->position();
    w.replace("new, and longer");
    const auto after = w.known().downlink_quota->position();
    EXPECT_EQ(w.held(), Names{"new, and longer"});
    EXPECT_EQ(after.messages_total, before.messages_total);
    EXPECT_EQ(after.bytes_total - before.bytes_total,
              w.message(w.newer).octets().size() - w.message(w.old).octets().size());
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered) << "no message was left";
}

TEST(ReplaceChoice, octets_beyond_the_allowance_wait_and_the_older_one_is_deleted) {
    auto config = flow_config();
    config.quotas["default"].downlink.allowances = {{30, {}}};  // in each hour
    Replacing w(config);
    w.replace("much longer than what is left of it");
    EXPECT_EQ(w.scef.puts, 0);
    EXPECT_TRUE(w.held().empty());
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.message(w.newer).reason, Reason::quota);
}

TEST(ReplaceChoice, a_full_queue_makes_room_for_what_empties_it) {
    auto config = flow_config();
    config.limits.queue_messages_per_device = 2;
    Replacing w(config);
    w.enqueue(write_frame("a"));
    w.enqueue(write_frame("b"));
    EXPECT_EQ(w.enqueue(write_frame("c")).result.error().code, Errc::queue_full);
    EXPECT_EQ(w.replace("new").result->affected, 3u);
}

TEST(ReplaceChoice, what_is_refused_changes_nothing) {
    Replacing w;
    const MessageId waiting = w.enqueue(write_frame("waits")).result->message;
    const auto reply = w.replace(std::string(5000, 'x'));
    EXPECT_EQ(reply.result.error().code, Errc::too_large);
    EXPECT_EQ(w.state(waiting), MessageState::queued);
    EXPECT_EQ(w.held(), Names{"old"});
}

TEST(ReplaceChoice, an_Idempotency_Key_replaces_once) {
    Replacing w;
    const auto keyed = [](adapter::EnqueueMessage& event) { event.idempotency_key = "k"; };
    w.replace("new", coap::codes::put, keyed);
    const MessageId first = w.newer;
    const MessageId later = w.enqueue(write_frame("later")).result->message;
    EXPECT_EQ(w.replace("new", coap::codes::put, keyed).result->message, first);
    EXPECT_EQ(w.state(later), MessageState::queued);
    EXPECT_EQ(w.enqueue(write_frame("new"), keyed).result.error().code, Errc::key_reused);
}

TEST(ReplaceChoice, a_second_replacement_takes_the_place_of_one_that_waits_for_its_PUT) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 503, .retry_after = 30s});
    w.replace("new");
    const MessageId first = w.newer;
    w.replace("newest");
    EXPECT_EQ(w.state(first), MessageState::superseded);
    w.advance(1min);
    EXPECT_EQ(w.held(), Names{"newest"});
    EXPECT_EQ(w.message(w.old).superseded_by, w.newer);
}

TEST(ReplaceChoice, what_was_sent_by_replacement_is_withdrawn_and_replaced_as_any_other) {
    Replacing w;
    w.replace("new");
    const MessageId first = w.newer;
    w.replace("newest");
    EXPECT_EQ(w.state(first), MessageState::superseded);
    EXPECT_EQ(w.held(), Names{"newest"});
    w.command(adapter::CancelMessage{0, w.newer});
    w.settle();
    EXPECT_EQ(w.state(w.newer), MessageState::canceled);
    EXPECT_TRUE(w.held().empty());
}

// ---- Collapse keys

void collapse(adapter::EnqueueMessage& event) { event.collapse_key = "/3/0/13"; }

TEST(CollapseKey, a_newer_one_takes_the_place_of_those_with_its_key_only) {
    World w;
    w.device_sleeps();
    const MessageId other = w.enqueue(write_frame("other")).result->message;
    w.enqueue(write_frame("first"), collapse);
    EXPECT_EQ(w.enqueue(write_frame("second"), collapse).result->affected, 1u);
    w.enqueue(write_frame("third"), [](auto& event) { event.collapse_key = "another"; });
    w.device_wakes_and_sends("awake");
    w.advance(1min);
    const auto all = w.messages();
    EXPECT_EQ(all[0].id, other);
    EXPECT_EQ(all[1].state, MessageState::superseded);
    EXPECT_EQ(all[1].superseded_by, all[2].id);
    EXPECT_EQ(w.executed(), 3u);
    for (const auto& message : all) {
        if (message.id != all[1].id) EXPECT_EQ(message.state, MessageState::delivered);
    }
}

TEST(CollapseKey, at_the_SCEF_it_is_a_PUT_also_after_a_restart) {
    World w;
    w.device_sleeps();
    w.enqueue(write_frame("first"), [](auto& event) {
        collapse(event);
        at_once(event);
    });
    w.settle();
    w.crash_and_restart();
    w.enqueue(write_frame("second"), collapse);
    w.settle();
    EXPECT_EQ(w.scef.puts, 1);
    w.device_wakes();
    w.advance(1min);
    ASSERT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.device.requests[0].payload, to_bytes("second"));
}

}  // namespace
}  // namespace scef::flow
