#include "queueing/downlink_table.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace scef::queueing {
namespace {

using Event = DownlinkEvent;

Message message_in(DeviceLeg leg, coap::Code code = coap::codes::get) {
    Message message;
    message.frame.code = code;
    message.device_leg = leg;
    message.attempts = 1;
    return message;
}

std::string row_of(DeviceLeg leg, Event event) {
    const DownlinkRow* row = find_row(message_in(leg), event);
    return row == nullptr ? "" : std::string(row->name);
}

/// Every (state, event) pair for a Read that was sent once; a pair that is not here means nothing.
const std::map<std::pair<DeviceLeg, Event>, std::string> documented{
    {{DeviceLeg::queued, Event::answered}, "D11"},
    {{DeviceLeg::queued, Event::acknowledged}, "D13"},
    {{DeviceLeg::queued, Event::reset}, "D14"},
    {{DeviceLeg::queued, Event::ttl}, "D16 sent before"},
    {{DeviceLeg::queued, Event::superseded}, "D27"},
    {{DeviceLeg::submitting, Event::buffered}, "D9"},
    {{DeviceLeg::submitting, Event::delivered}, "D10"},
    {{DeviceLeg::submitting, Event::doubtful}, "D25 doubt"},
    {{DeviceLeg::submitting, Event::throttled}, "T8 throttled"},
    {{DeviceLeg::submitting, Event::not_sent}, "T8 unreachable"},
    {{DeviceLeg::submitting, Event::expired_unsent}, "D16 on the way"},
    {{DeviceLeg::submitting, Event::not_authorized}, "T8 not authorized"},
    {{DeviceLeg::submitting, Event::configuration_lost}, "T8 lost"},
    {{DeviceLeg::submitting, Event::refused}, "T8 refused"},
    {{DeviceLeg::submitting, Event::too_large}, "D3 late"},
    {{DeviceLeg::submitting, Event::attempt_failed}, "D18"},
    {{DeviceLeg::submitting, Event::timed_out_at_scef}, "T8 timeout"},
    {{DeviceLeg::submitting, Event::answered}, "D11"},
    {{DeviceLeg::submitting, Event::acknowledged}, "D13"},
    {{DeviceLeg::submitting, Event::reset}, "D14"},
    {{DeviceLeg::submitting, Event::ttl}, "D17 open"},
    {{DeviceLeg::submitting, Event::not_replaced}, "D27 behind"},
    {{DeviceLeg::in_doubt, Event::delivered}, "D10"},
    {{DeviceLeg::in_doubt, Event::found_at_scef}, "D25 adopt"},
    {{DeviceLeg::in_doubt, Event::missing_at_scef}, "D25 repeat"},
    {{DeviceLeg::in_doubt, Event::attempt_failed}, "D18"},
    {{DeviceLeg::in_doubt, Event::timed_out_at_scef}, "T8 timeout"},
    {{DeviceLeg::in_doubt, Event::answered}, "D24"},
    {{DeviceLeg::in_doubt, Event::acknowledged}, "D13"},
    {{DeviceLeg::in_doubt, Event::reset}, "D14"},
    {{DeviceLeg::in_doubt, Event::ttl}, "D17 open"},
    {{DeviceLeg::in_doubt, Event::not_replaced}, "D27 behind"},
    {{DeviceLeg::net_buffered, Event::delivered}, "D10"},
    {{DeviceLeg::net_buffered, Event::missing_at_scef}, "T8 vanished"},
    {{DeviceLeg::net_buffered, Event::attempt_failed}, "D18"},
    {{DeviceLeg::net_buffered, Event::timed_out_at_scef}, "T8 timeout"},
    {{DeviceLeg::net_buffered, Event::answered}, "D24"},
    {{DeviceLeg::net_buffered, Event::acknowledged}, "D13"},
    {{DeviceLeg::net_buffered, Event::reset}, "D14"},
    {{DeviceLeg::net_buffered, Event::ttl}, "D17 withdraw"},
    {{DeviceLeg::net_buffered, Event::deleted_at_scef}, "D17 in time"},
    {{DeviceLeg::net_buffered, Event::too_late_at_scef}, "D17 too late"},
    {{DeviceLeg::net_buffered, Event::superseded}, "D27"},
    {{DeviceLeg::awaiting_answer, Event::answered}, "D11"},
    {{DeviceLeg::awaiting_answer, Event::acknowledged}, "D13"},
    {{DeviceLeg::awaiting_answer, Event::reset}, "D14"},
    {{DeviceLeg::awaiting_answer, Event::device_timer}, "D19 resend"},
    {{DeviceLeg::awaiting_answer, Event::ttl}, "D19 end"},
    {{DeviceLeg::retry_wait, Event::answered}, "D11"},
    {{DeviceLeg::retry_wait, Event::acknowledged}, "D13"},
    {{DeviceLeg::retry_wait, Event::reset}, "D14"},
    {{DeviceLeg::retry_wait, Event::ttl}, "D16"},
    {{DeviceLeg::retry_wait, Event::superseded}, "D27"},
    {{DeviceLeg::expired_in_flight, Event::buffered}, "D17 then buffered"},
    {{DeviceLeg::expired_in_flight, Event::throttled}, "D17 throttled"},
    {{DeviceLeg::expired_in_flight, Event::not_sent}, "D17 unreachable"},
    {{DeviceLeg::expired_in_flight, Event::expired_unsent}, "D17 unsent"},
    {{DeviceLeg::expired_in_flight, Event::not_authorized}, "D17 not authorized"},
    {{DeviceLeg::expired_in_flight, Event::configuration_lost}, "D17 lost"},
    {{DeviceLeg::expired_in_flight, Event::refused}, "D17 refused"},
    {{DeviceLeg::expired_in_flight, Event::too_large}, "D17 too large"},
    {{DeviceLeg::expired_in_flight, Event::attempt_failed}, "D17 failed"},
    {{DeviceLeg::expired_in_flight, Event::timed_out_at_scef}, "D17 timeout"},
    {{DeviceLeg::expired_in_flight, Event::answered}, "D15 late"},
    {{DeviceLeg::expired_in_flight, Event::reset}, "D14 late"},
    {{DeviceLeg::expired_in_flight, Event::deleted_at_scef}, "D17 withdrawn"},
    {{DeviceLeg::expired_in_flight, Event::lingered}, "D17 end"},
    {{DeviceLeg::expired_in_flight, Event::not_replaced}, "D27 expired"},
};

TEST(DownlinkTable, every_state_and_event_has_the_documented_outcome) {
    for (unsigned leg = 0; leg <= static_cast<unsigned>(DeviceLeg::done); ++leg) {
        for (unsigned event = 0; event <= static_cast<unsigned>(Event::not_replaced); ++event) {
            const auto at = std::pair{static_cast<DeviceLeg>(leg), static_cast<Event>(event)};
            const auto found = documented.find(at);
            EXPECT_EQ(row_of(at.first, at.second), found == documented.end() ? "" : found->second)
                << "leg " << leg << " event " << event;
        }
    }
}

TEST(DownlinkTable, what_must_not_be_repeated_never_goes_back_to_the_queue_after_a_doubt) {
    const auto execute = message_in(DeviceLeg::in_doubt, coap::codes::post);
    EXPECT_EQ(find_row(execute, Event::missing_at_scef)->name, "D25 unknown");
    const auto sent = message_in(DeviceLeg::awaiting_answer, coap::codes::post);
    EXPECT_EQ(find_row(sent, Event::device_timer)->name, "D19 free");
    Message opaque;
    opaque.kind = MessageKind::opaque;
    opaque.device_leg = DeviceLeg::in_doubt;
    EXPECT_EQ(find_row(opaque, Event::missing_at_scef)->name, "D25 lost");
}

TEST(DownlinkTable, when_all_attempts_are_used_a_failure_is_final) {
    auto message = message_in(DeviceLeg::submitting);
    message.attempts = message.attempts_max;
    EXPECT_EQ(find_row(message, Event::attempt_failed)->name, "D18 dead");
    message.device_leg = DeviceLeg::in_doubt;
    EXPECT_EQ(find_row(message, Event::missing_at_scef)->name, "D25 unknown");
}

TEST(DownlinkTable, what_never_left_at_the_second_attempt_may_have_been_heard_at_the_first) {
    auto message = message_in(DeviceLeg::expired_in_flight);
    message.attempts = 2;
    EXPECT_EQ(find_row(message, Event::expired_unsent)->name, "D17 unsent, sent before");
}

TEST(DownlinkTable, the_devices_ack_completes_a_confirmable_reply) {
    auto reply = message_in(DeviceLeg::awaiting_answer, coap::codes::content);
    reply.kind = MessageKind::reply;
    EXPECT_EQ(find_row(reply, Event::acknowledged)->name, "D13 reply");
}

TEST(DownlinkTable, while_its_place_is_being_taken_nothing_is_concluded_or_deleted) {
    auto older = message_in(DeviceLeg::net_buffered);
    older.is_contested = true;
    EXPECT_EQ(find_row(older, Event::ttl)->name, "D27 open ttl");
    EXPECT_EQ(find_row(older, Event::missing_at_scef)->name, "D27 open list");
    EXPECT_EQ(find_row(older, Event::answered)->name, "D27 answered");
    for (const DownlinkAction action : find_row(older, Event::answered)->actions) {
        EXPECT_NE(action, DownlinkAction::delete_at_scef);
    }
}

TEST(DownlinkTable, what_was_too_late_to_replace_is_never_sent_again) {
    auto older = message_in(DeviceLeg::net_buffered);
    older.superseded_by = MessageId::floor(WallTime(std::chrono::hours(1)));
    EXPECT_EQ(find_row(older, Event::attempt_failed)->name, "D27 failed");
    older.device_leg = DeviceLeg::awaiting_answer;
    EXPECT_EQ(find_row(older, Event::device_timer)->name, "D19 free");
}

TEST(DownlinkTable, row_names_are_unique) {
    std::set<std::string_view> names;
    for (const DownlinkRow& row : downlink_table())
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(DownlinkTable, a_message_that_was_never_sent_cannot_be_answered) {
    auto message = message_in(DeviceLeg::queued);
    message.attempts = 0;
    for (const Event event : {Event::answered, Event::acknowledged, Event::reset}) {
        EXPECT_EQ(find_row(message, event), nullptr);
    }
    EXPECT_EQ(find_row(message, Event::ttl)->name, "D16");
}

}  // namespace
}  // namespace scef::queueing
