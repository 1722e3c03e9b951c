#include <gtest/gtest.h>

#include "tests/flow/reachable.h"
#include "tests/flow/replace_world.h"

/// The ledger of what was charged (docs/quotas.md, "Usage export"). That it explains all that the
/// quotas counted, and reconciles to the timelines, is judged at the end of every world.
namespace scef::flow {
namespace {

using adapter::Charge;
using adapter::Direction;
using Subject = Charge::Subject;

/// Those of one direction, oldest first.
std::vector<Charge> charges(World& w, Direction direction) {
    std::vector<Charge> list = w.charges();
    std::erase_if(list, [&](const Charge& charge) { return charge.direction != direction; });
    return list;
}

TEST(Usage, a_request_is_one_charge_and_its_answer_another_both_with_its_id) {
    Reachable w;
    w.read();
    w.settle();
    const auto message = w.only_message();
    ASSERT_EQ(w.charges().size(), 2u);
    const Charge sent = w.charges()[0], answer = w.charges()[1];
    EXPECT_EQ(sent.external_id, w.id().text());
    EXPECT_EQ(sent.direction, Direction::downlink);
    EXPECT_EQ(sent.octets, w.device.frames[0].size());
    EXPECT_EQ(sent.octets_counted, sent.octets);
    EXPECT_EQ(sent.attempt, 1u);
    EXPECT_EQ(sent.subject_id, message.id);
    EXPECT_EQ(sent.id.created_at(), message.first_submitted_at);
    EXPECT_EQ(answer.direction, Direction::uplink);
    EXPECT_EQ(answer.subject, Subject::message);
    EXPECT_EQ(answer.subject_id, message.id);
    EXPECT_EQ(answer.attempt, 0u);
}

TEST(Usage, each_POST_is_a_charge_that_its_failure_does_not_take_back) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 503, .retry_after = 5s});
    w.scef.answers_next_delivery_with({.transport = Transport::ambiguous});
    w.read();
    w.advance(10min);
    const auto sent = charges(w, Direction::downlink);
    ASSERT_EQ(sent.size(), 3u);
    EXPECT_EQ(w.scef.posts, 3);
    for (const Charge& charge : sent) EXPECT_EQ(charge.subject_id, w.only_message().id);
    EXPECT_EQ(sent[0].attempt, 1u);
    EXPECT_EQ(sent[1].attempt, 1u) << "one that was throttled is no attempt";
    EXPECT_EQ(sent[2].attempt, 2u);
}

TEST(Usage, what_waits_costs_nothing) {
    World w;
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.advance(1h);
    EXPECT_EQ(w.messages().size(), 1u);
    EXPECT_TRUE(w.charges().empty());
}

TEST(Usage, a_device_s_own_frame_has_the_id_of_its_uplink_and_the_reply_that_of_its_message) {
    World w;
    const auto request = w.device.register_();
    w.settle();
    w.advance(5s);
    w.device.send(request);  // a copy
    w.settle();
    const auto came = charges(w, Direction::uplink), went = charges(w, Direction::downlink);
    ASSERT_EQ(came.size(), 2u);
    EXPECT_EQ(came[0].subject, Subject::uplink);
    EXPECT_EQ(came[0].octets, coap::serialize(request).size());
    EXPECT_EQ(came[1].subject_id, came[0].subject_id) << "the copy is told to be one";
    EXPECT_NE(came[1].id, came[0].id);
    ASSERT_EQ(went.size(), 2u);
    EXPECT_EQ(went[0].subject, Subject::message);
    EXPECT_NE(went[1].subject_id, went[0].subject_id);
}

TEST(Usage, frames_about_nothing_are_charges_without_an_id) {
    World w;
    coap::Message ping;
    ping.message_id = 77;
    w.device.send(ping);
    w.device.send_octets({});
    w.device.send_octets(from_hex("40010001ff"));  // breaks off
    w.device.send(coap::make_ack(4711));           // of no message
    w.settle();
    const auto came = charges(w, Direction::uplink);
    ASSERT_EQ(came.size(), 4u);
    for (const Charge& charge : came) EXPECT_EQ(charge.subject, Subject::none);
    EXPECT_EQ(came[0].octets, 4u);
    EXPECT_EQ(came[1].octets, 0u);
}

TEST(Usage, an_empty_ACK_is_about_the_message_that_it_acknowledges) {
    Reachable w;
    w.device.answers_after = 2s;
    w.read();
    w.advance(10s);
    const auto came = charges(w, Direction::uplink);
    ASSERT_EQ(came.size(), 2u);
    EXPECT_EQ(came[0].octets, 4u);
    for (const Charge& charge : came) EXPECT_EQ(charge.subject_id, w.only_message().id);
    EXPECT_EQ(charges(w, Direction::downlink).size(), 2u) << "the request, and our ACK";
}

TEST(Usage, notifications_and_opaque_frames_are_uplinks) {
    Reachable w;
    w.server.observe("/3303/0/5700");
    w.settle();
    w.device.notify(w.device.requests.back().token, 2, "22.5");
    w.settle();
    w.device.send_octets(from_hex("17fefd0002"));
    w.settle();
    const auto came = charges(w, Direction::uplink);
    ASSERT_EQ(came.size(), 3u);
    EXPECT_EQ(came[0].subject, Subject::message) << "the answer to the observation";
    EXPECT_EQ(came[1].subject, Subject::uplink);
    EXPECT_EQ(came[2].subject, Subject::uplink);
    EXPECT_EQ(came[2].octets, 5u);
}

TEST(Usage, a_longer_frame_in_the_place_of_a_charged_one_costs_the_difference) {
    Replacing w;
    w.replace("longer than old");
    const auto sent = charges(w, Direction::downlink);
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_TRUE(sent[0].is_frame);
    EXPECT_FALSE(sent[1].is_frame);
    EXPECT_EQ(sent[1].subject_id, w.newer);
    EXPECT_EQ(sent[1].attempt, 1u);
    EXPECT_EQ(sent[1].octets,
              w.message(w.newer).octets().size() - w.message(w.old).octets().size());
}

TEST(Usage, a_frame_in_its_place_that_is_no_longer_costs_nothing) {
    Replacing w;
    w.replace("");
    EXPECT_EQ(w.scef.puts, 1);
    EXPECT_EQ(w.charges().size(), 1u);
}

TEST(Usage, octets_are_counted_rounded_up_and_exceptions_not_at_all) {
    auto config = always_reachable();
    auto& limits = config.quotas["default"].downlink;
    limits.round_up = 1024;
    limits.allowances = {{.amount = 1, .unit = quota::Unit::messages}};
    config.quotas["default"].emergency_reserve = 0;
    limits.exceptions = quota::MessageRate{{2, 24h}, 2};
    World w(config);
    w.enqueue(write_frame("ordinary"));
    w.enqueue(write_frame("alarm"), [](adapter::EnqueueMessage& event) {
        event.priority = queueing::Priority::emergency;
    });
    w.advance(1min);
    const auto sent = charges(w, Direction::downlink);
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0].octets_counted, 1024u);
    EXPECT_EQ(sent[1].octets_counted, 0u);
    EXPECT_GT(sent[1].octets, 0u);
}

TEST(Usage, a_turn_that_was_not_committed_left_no_charge_and_one_that_was_left_it) {
    for (const auto batch : {World::LastBatch::lost, World::LastBatch::kept}) {
        Reachable w;
        w.crash_after_turns(1, batch);
        w.read();
        w.settle();
        const std::size_t expected = batch == World::LastBatch::kept ? 1 : 0;
        EXPECT_EQ(charges(w, Direction::downlink).size(), expected);
        EXPECT_EQ(w.frames_charged(), expected);
    }
}

TEST(Usage, charges_of_one_millisecond_keep_their_order_and_are_all_there) {
    Reachable w;
    for (int i = 0; i < 20; ++i) w.device.data(std::to_string(i));
    w.settle();
    const auto came = charges(w, Direction::uplink);
    ASSERT_EQ(came.size(), 20u);
    EXPECT_EQ(came.front().id.created_at(), came.back().id.created_at());
    for (std::size_t i = 1; i < came.size(); ++i) {
        EXPECT_LT(came[i - 1].subject_id, came[i].subject_id);
    }
}

TEST(Usage, charges_follow_a_wall_clock_that_is_set_back) {
    Reachable w;
    w.device.data("before");
    w.settle();
    w.set_wall(-1h);
    w.device.data("after");
    w.settle();
    const auto came = charges(w, Direction::uplink);
    ASSERT_EQ(came.size(), 2u);
    EXPECT_EQ(came[1].id.created_at() - came[0].id.created_at(), 1h);
}

TEST(Usage, it_outlives_the_device) {
    Reachable w;
    w.device.data("1");
    w.settle();
    const std::size_t before = w.charges().size();
    w.command(adapter::RemoveDevice{0, w.id()});
    w.settle();
    EXPECT_EQ(w.charges().size(), before);
    EXPECT_EQ(w.charges()[0].external_id, w.device.external_id());
}

TEST(Usage, without_the_ledger_nothing_is_recorded) {
    auto config = always_reachable();
    config.usage.ledger = false;
    Reachable w(config);
    w.read();
    w.settle();
    EXPECT_EQ(w.frames_charged(), 1u);
    EXPECT_TRUE(w.charges().empty());
}

/// What may happen in a random history.
void happens(World& w, std::uint64_t what) {
    switch (what % 10) {
        case 0:
            return static_cast<void>(w.server.get("/3/0/" + std::to_string(what % 7)));
        case 1:
            return static_cast<void>(w.device.data(std::to_string(what)));
        case 2:
            return static_cast<void>(w.enqueue(write_frame(std::string(what % 50, 'x'))));
        case 3:
            return static_cast<void>(
                w.enqueue(write_frame(std::string(what % 90, 'y')),
                          [](adapter::EnqueueMessage& event) { event.takes_every_place = true; }));
        case 4:
            return w.device_sleeps();
        case 5:
            return w.device_wakes_and_sends("awake");
        case 6:
            return w.scef.answers_next_delivery_with({.status = 503, .takes_it = what % 3 == 0});
        case 7:
            return w.crash_after_turns(
                static_cast<int>(what % 5) + 1,
                what % 2 == 0 ? World::LastBatch::kept : World::LastBatch::lost);
        case 8:
            return static_cast<void>(w.device.register_());
        default:
            return w.advance(std::chrono::seconds(what % 300));
    }
}

class AnyHistory : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AnyHistory, is_explained_by_its_charges) {
    World w(flow_config(), seed_of_run() + GetParam());
    SeededRandom chance(seed_of_run() + GetParam());
    for (int i = 0; i < 150; ++i) {
        happens(w, chance.next() % 10'000);
        if (chance.next() % 2 == 0) w.settle();
    }
    w.advance(2h);
    EXPECT_GT(w.frames_charged(), 5u) << "a history that says nothing";
}
INSTANTIATE_TEST_SUITE_P(Usage, AnyHistory, testing::Range(std::uint64_t{0}, std::uint64_t{15}));

}  // namespace
}  // namespace scef::flow
