#include "nidd/types/t8_json.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// D25: answers to the POST of a delivery that leave a doubt, and the list of pending deliveries
/// that settles it (docs/t8-outcomes.md).
namespace scef::flow {

using Operation = nidd::T8Request::Operation;
using Transport = nidd::T8Answer::Transport;

std::vector<DeliveryAnswer> doubtful_answers() {
    const std::string deliveries = "/configurations/c1/downlink-data-deliveries/";
    std::vector<DeliveryAnswer> all{
        {"post.unanswered", "reset_after_write", {.transport = Transport::ambiguous}, "NO_ANSWER"},
        {"post.unanswered",
         "time_out",
         {.transport = Transport::ambiguous, .delay = 60s},
         "NO_ANSWER"},
        {"post.failure_status", "200_FAILURE", says(200, status("FAILURE")), "FAILURE"},
        {"post.failure_status", "201_FAILURE_TIMEOUT", says(201, status("FAILURE_TIMEOUT")),
         "FAILURE_TIMEOUT"},
        {"post.no_link", "201_nothing", says(201), "NO_USABLE_LINK"},
        {"post.no_link", "201_garbage", says(201, "<html>", "\xff\xfe"), "NO_USABLE_LINK"},
        {"post.no_link", "201_of_another_configuration",
         says(201, "", "/configurations/c9/downlink-data-deliveries/t2"), "NO_USABLE_LINK"},
        {"post.no_link", "201_of_no_delivery", says(201, "", "/configurations/c1"),
         "NO_USABLE_LINK"},
        {"post.no_link", "201_id_of_dots", says(201, "", deliveries + ".."), "NO_USABLE_LINK"},
        {"post.no_link", "200_SENDING", says(200, status("SENDING")), "NO_USABLE_LINK"},
        {"post.plain_500", "no_body", says(500), "HTTP 500"},
        {"post.plain_500", "garbage", says(500, "<html>"), "HTTP 500"},
        {"post.plain_500", "problem", says(500, problem("SYSTEM_FAILURE")), "SYSTEM_FAILURE"}};
    for (const int code : {408, 425}) {
        const std::string number = std::to_string(code);
        all.push_back({"post.incomplete", number, says(code), "HTTP " + number});
    }
    for (const int code : {202, 204, 302, 307, 308, 501, 502, 504, 505, 599}) {
        const std::string number = std::to_string(code);
        all.push_back({"post.strange", number, says(code), "HTTP " + number});
    }
    return all;
}

namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using Fault = ModelScef::Fault;

class InDoubt : public testing::TestWithParam<DeliveryAnswer> {
protected:
    Fault fault() const { return GetParam().fault; }
    /// How long until the answer is there and the list was read.
    Duration until_judged() const { return fault().delay + 1ms; }
};

TEST_P(InDoubt, a_read_that_the_scef_does_not_hold_goes_again_with_the_same_octets) {
    Reachable w;
    w.scef.answers_next_delivery_with(fault());
    const auto request = w.read();
    w.advance(until_judged());
    EXPECT_EQ(w.scef.calls[Operation::list_deliveries], 1);
    EXPECT_EQ(w.only_message().state, MessageState::queued);
    EXPECT_EQ(w.only_message().reason, Reason::retry);
    EXPECT_EQ(w.only_message().attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), GetParam().cause));
    w.advance(5s);
    ASSERT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.scef.posted[0].data, w.scef.posted[1].data);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    EXPECT_EQ(w.only_message().attempts, 2u);
    EXPECT_EQ(w.on_the_air(), 1u);
    EXPECT_EQ(w.frames_charged(), 2u);
}

TEST_P(InDoubt, an_execute_that_the_scef_does_not_hold_is_never_repeated) {
    Reachable w;
    w.scef.answers_next_delivery_with(fault());
    const auto request = w.execute();
    w.advance(until_judged() + 1s);
    const auto message = w.only_message();
    EXPECT_EQ(message.state, MessageState::unconfirmed);
    EXPECT_EQ(message.reason, Reason::unknown_outcome);
    EXPECT_TRUE(w.server.has_ack(request));
    w.advance(25h);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
}

TEST_P(InDoubt, the_next_message_goes_once_it_is_judged) {
    Reachable w;
    w.scef.answers_next_delivery_with(fault());
    w.execute();
    const auto next = w.read();
    w.advance(until_judged() + 1s);
    EXPECT_EQ(w.heard(next), coap::codes::content);
}

TEST_P(InDoubt, list_adopted_what_the_scef_holds_is_not_sent_again) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with(taking_it(fault()));
    const auto request = w.execute();
    w.advance(until_judged());
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.only_message().state, MessageState::accepted);
    w.advance(10s);
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.executed(), 1u);
}

TEST_P(InDoubt, D24_the_devices_answer_settles_it_whatever_the_scef_says) {
    Reachable w;
    w.scef.answers_next_delivery_with(taking_it(fault()));
    const auto request = w.execute();
    w.advance(until_judged() + 1h);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.executed(), 1u);
}

TEST_P(InDoubt, D17_after_the_ttl_nothing_is_sent_again) {
    Reachable w;
    auto late = fault();
    late.delay += 10s;
    w.scef.answers_next_delivery_with(late);
    const auto request = w.read_within(5s);
    w.advance(1h);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.scef.posts, 1);
}

INSTANTIATE_TEST_SUITE_P(T8, InDoubt, testing::ValuesIn(doubtful_answers()), ByRow());

// ---- The device knows better

TEST(DeliveryDoubts, D25_an_ambiguous_execute_is_never_repeated_but_a_late_answer_settles_it) {
    Reachable w;
    w.device.answers_after = 30s;
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous, .takes_it = true});
    const auto request = w.execute();
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(60s);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(DeliveryDoubts, D24_an_answer_before_the_posts_answer_completes_the_exchange) {
    Reachable w;
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 5s});
    const auto request = w.read();
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    w.advance(10s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(DeliveryDoubts, D24_the_copy_of_an_answered_message_is_deleted_at_the_scef) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 5s});
    w.read();
    w.settle();
    w.device.receive(w.scef.posted.back().data);  // it came all the same
    w.advance(10s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_TRUE(w.scef.transfers().empty());
}

TEST(DeliveryDoubts, a_scef_that_always_answers_502_is_not_hammered) {
    Reachable w;
    for (int i = 0; i < 40; ++i) w.scef.answers_next_delivery_with({.status = 502});
    w.read();
    w.advance(25h);
    EXPECT_EQ(w.scef.posts, 10);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
}

// ---- The list of pending deliveries

/// A world with a read in doubt, which the SCEF does not have.
struct Doubtful : Reachable {
    Doubtful() { scef.answers_next_delivery_with({.transport = Transport::ambiguous}); }
    nidd::NiddDownlinkDataTransfer entry(const std::string& id, const Bytes& data) const {
        nidd::NiddDownlinkDataTransfer one;
        one.self = "/3gpp-nidd/v1/dm/configurations/c1/downlink-data-deliveries/" + id;
        one.external_id = device.external_id();
        one.data = data;
        return one;
    }
    /// Lists `ids` as deliveries of the octets of the last POST.
    void lists(const std::vector<std::string>& ids) {
        std::string body;
        for (const auto& id : ids) {
            body += (body.empty() ? "" : ",") + nidd::to_json(entry(id, scef.posted.back().data));
        }
        scef.answers_next(Operation::list_deliveries, http(200, "[" + body + "]"));
    }
};

TEST(DeliveryList, list_adopted_of_two_entries_with_the_same_octets_one_is_taken) {
    Doubtful w;
    const auto request = w.execute();
    w.scef.answers_next(Operation::list_deliveries, no_answer(Transport::ambiguous));
    w.settle();
    w.lists({"t8", "t9"});
    w.advance(5s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.only_message().transfer_id, "t8");
    w.scef.tell_status("t8", "SUCCESS_NEXT_HOP_ACKNOWLEDGED");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST(DeliveryList, list_adopted_never_what_another_message_has) {
    Reachable w;
    w.device_sleeps();
    const auto command = [](coap::Message& m) {
        m.type = coap::Type::non_confirmable;
        m.token = coap::Token{7};
    };
    w.server.request(coap::codes::post, "/3/0/4", command);
    w.settle();
    ASSERT_EQ(w.scef.transfers().size(), 1u);
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous});
    w.enqueue(Bytes{0xff, 1}, [](adapter::EnqueueMessage& m) { m.opaque = true; });
    w.settle();
    w.enqueue(Bytes{0xff, 1}, [](adapter::EnqueueMessage& m) { m.opaque = true; });
    w.settle();
    const auto all = w.messages();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[1].state, MessageState::unconfirmed) << "the entry is not its own";
    EXPECT_EQ(all[2].device_leg, DeviceLeg::net_buffered);
}

TEST(DeliveryList, list_missing_an_entry_with_other_octets_is_another_delivery) {
    Doubtful w;
    w.scef.answers_next(Operation::list_deliveries,
                        http(200, "[" + nidd::to_json(w.entry("t8", Bytes{1, 2, 3})) + "]"));
    const auto request = w.read();
    w.advance(5s);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST(DeliveryList, list_missing_when_no_attempts_are_left_it_ends_unconfirmed) {
    auto config = always_reachable();
    config.profiles["nb-iot"].max_attempts = 2;
    Reachable w(config);
    for (int i = 0; i < 5; ++i) w.scef.answers_next_delivery_with(says(502));
    const auto request = w.read();
    w.advance(25h);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.only_message().reason, Reason::unknown_outcome);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
}

/// An answer to the GET of the list.
struct ListAnswer {
    std::string row, name;
    nidd::T8Answer answer;
    friend void PrintTo(const ListAnswer& one, std::ostream* out) { *out << one.name; }
};

class ListLost : public testing::TestWithParam<ListAnswer> {};

TEST_P(ListLost, the_configuration_is_made_anew_and_a_read_goes_under_it) {
    Doubtful w;
    w.scef.answers_next(Operation::list_deliveries, GetParam().answer);
    const auto request = w.read();
    w.advance(5s);
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST_P(ListLost, an_execute_is_unconfirmed) {
    Doubtful w;
    w.scef.answers_next(Operation::list_deliveries, GetParam().answer);
    w.execute();
    w.advance(1h);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_EQ(w.scef.posts, 1);
}

INSTANTIATE_TEST_SUITE_P(T8, ListLost,
                         testing::Values(ListAnswer{"list.lost", "404", http(404)},
                                         ListAnswer{"list.lost", "410", http(410)}),
                         ByRow());

class ListUnreadable : public testing::TestWithParam<ListAnswer> {};

TEST_P(ListUnreadable, it_is_asked_for_again_after_5_s_and_nothing_is_sent_meanwhile) {
    Doubtful w;
    w.scef.answers_next(Operation::list_deliveries, GetParam().answer);
    const auto request = w.read();
    w.advance(5s - 1ns);
    EXPECT_EQ(w.scef.calls[Operation::list_deliveries], 1);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().state, MessageState::sending);
    EXPECT_EQ(w.only_message().reason, Reason::in_doubt);
    w.advance(5s);
    EXPECT_EQ(w.scef.calls[Operation::list_deliveries], 2);
    EXPECT_EQ(w.heard(request), coap::codes::content);
    EXPECT_EQ(w.scef.creations, 1);
}

TEST(DeliveryList, list_unreadable_a_retry_after_is_honoured) {
    Doubtful w;
    nidd::T8Answer busy = http(503);
    busy.retry_after = 40s;
    w.scef.answers_next(Operation::list_deliveries, busy);
    const auto request = w.read();
    w.advance(40s - 1ns);
    EXPECT_EQ(w.scef.calls[Operation::list_deliveries], 1);
    w.advance(5s);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

TEST_P(ListUnreadable, the_ttl_ends_the_asking) {
    Doubtful w;
    for (int i = 0; i < 100; ++i) {
        w.scef.answers_next(Operation::list_deliveries, GetParam().answer);
    }
    const auto request = w.read_within(60s);
    w.advance(1h);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
    EXPECT_LE(w.scef.calls[Operation::list_deliveries], 13);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST_P(ListUnreadable, whoever_is_settled_meanwhile_leaves_the_others_their_turn) {
    Reachable w;
    w.device_sleeps();
    w.enqueue(Bytes{0xff}, [](adapter::EnqueueMessage& m) { m.opaque = true; });
    w.settle();
    const auto first = w.only_message();
    ASSERT_EQ(first.device_leg, DeviceLeg::net_buffered);
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous, .delay = 1h});
    const auto request = w.read();
    w.settle();
    for (int i = 0; i < 2; ++i) {  // each asks for itself
        w.scef.answers_next(Operation::list_deliveries, GetParam().answer);
    }
    w.crash_and_restart();
    w.settle();
    w.scef.tell_status(first.transfer_id, "SUCCESS");
    w.scef.connected[w.device.external_id()] = true;
    w.advance(20s);
    EXPECT_EQ(w.messages().front().state, MessageState::delivered);
    EXPECT_EQ(w.heard(request), coap::codes::content);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ListUnreadable,
    testing::Values(ListAnswer{"list.unreadable", "unanswered", no_answer(Transport::ambiguous)},
                    ListAnswer{"list.unreadable", "unsent", no_answer(Transport::not_sent)},
                    ListAnswer{"list.unreadable", "204", http(204)},
                    ListAnswer{"list.unreadable", "307", http(307)},
                    ListAnswer{"list.unreadable", "401", http(401)},
                    ListAnswer{"list.unreadable", "403", http(403)},
                    ListAnswer{"list.unreadable", "500", http(500)},
                    ListAnswer{"list.unreadable", "503", http(503)},
                    ListAnswer{"list.unreadable", "200_garbage", http(200, "<html>")},
                    ListAnswer{"list.unreadable", "200_no_list", http(200, "{}")},
                    ListAnswer{"list.unreadable", "200_entries_of_nothing",
                               http(200, R"([{"data":7}])")}),
    ByRow());

}  // namespace
}  // namespace scef::flow
