#include <gtest/gtest.h>

#include "tests/flow/replace_world.h"

/// D27: a PUT whose outcome is not known, also because of a restart. The SCEF tells by the delivery
/// itself which of the two it holds.
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using Names = std::vector<std::string>;

TEST(ReplaceInDoubt, read_newer_the_SCEF_holds_the_newer_one) {
    Replacing w;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    w.replace("new");
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.scef.reads, 1);
    w.device_wakes();
    w.advance(1min);
    EXPECT_EQ(w.on_air(), Names{"new"});
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
}

TEST(ReplaceInDoubt, put_unknown_and_read_older_the_older_one_goes_first) {
    for (const int status : {500, 502, 504, 302}) {
        Replacing w;
        w.scef.answers_next_put_with({.status = status});
        w.replace("new");
        EXPECT_EQ(w.state(w.old), MessageState::accepted);
        EXPECT_EQ(w.state(w.newer), MessageState::queued);
        w.device_wakes_and_sends("awake");
        w.advance(1min);
        EXPECT_EQ(w.on_air(), (Names{"old", "new"}));
    }
}

TEST(ReplaceInDoubt, put_contradicts_a_200_that_failed_tells_nothing) {
    Replacing w;
    w.scef.answers_next_put_with(
        {.status = 200, .takes_it = true, .body = R"({"deliveryStatus":"FAILURE"})"});
    w.replace("new");
    EXPECT_EQ(w.scef.reads, 1);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered);
}

TEST(ReplaceInDoubt, read_older_nothing_is_charged_or_counted_for_it) {
    Replacing w;
    w.scef.answers_next_put_with({.status = 500});
    w.replace("new");
    EXPECT_EQ(w.message(w.newer).attempts, 0u);
    EXPECT_TRUE(w.message(w.newer).transfer_id.empty());
    EXPECT_EQ(w.frames_charged(), 1u);
}

TEST(ReplaceInDoubt, read_again_until_the_SCEF_tells) {
    Replacing w;
    w.scef.read_fails = true;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    w.replace("new");
    EXPECT_EQ(w.message(w.newer).reason, queueing::Reason::in_doubt);
    EXPECT_EQ(w.state(w.newer), MessageState::sending);
    w.advance(14s);
    EXPECT_EQ(w.scef.reads, 3);
    EXPECT_EQ(w.state(w.old), MessageState::accepted);
    w.scef.read_fails = false;
    w.advance(2s);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::net_buffered);
}

/// Lets the device have what the SCEF holds while nobody knows what that is.
void deliver_in_doubt(Replacing& w, coap::Code code, bool takes_it) {
    w.device.answers = false;
    w.scef.read_fails = true;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = takes_it});
    w.replace("new", code);
    w.device_wakes();
    w.advance(1s);
    w.scef.read_fails = false;
}

TEST(ReplaceInDoubt, read_gone_what_must_not_be_repeated_is_not) {
    for (const bool takes_it : {false, true}) {
        Replacing w(flow_config(), coap::codes::post);
        deliver_in_doubt(w, coap::codes::post, takes_it);
        w.advance(10min);
        EXPECT_EQ(w.on_air(), Names{takes_it ? "new" : "old"});
        EXPECT_EQ(w.state(w.old), MessageState::unconfirmed);
        EXPECT_EQ(w.state(w.newer), MessageState::unconfirmed);
    }
}

TEST(ReplaceInDoubt, read_gone_an_idempotent_one_goes_again) {
    Replacing w;
    deliver_in_doubt(w, coap::codes::put, false);
    w.device.answers = true;
    w.advance(1min);  // the older one has had its time
    w.device_wakes_and_sends("awake");
    w.advance(1s);
    EXPECT_EQ(w.on_air(), (Names{"old", "new"})) << "the older one is never repeated";
    EXPECT_EQ(w.state(w.newer), MessageState::delivered);
}

TEST(ReplaceInDoubt, the_devices_answer_settles_it) {
    for (const bool takes_it : {false, true}) {
        Replacing w;
        w.scef.read_fails = true;
        w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = takes_it});
        w.replace("new");
        w.device_wakes();
        w.advance(1s);
        EXPECT_EQ(w.state(w.old), takes_it ? MessageState::superseded : MessageState::delivered);
        EXPECT_EQ(w.state(w.newer), takes_it ? MessageState::delivered : MessageState::sending);
    }
}

TEST(ReplaceInDoubt, a_newer_one_whose_TTL_ends_leaves_the_older_one_unconfirmed) {
    Replacing w(flow_config(), coap::codes::post);
    w.scef.read_fails = true;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    w.replace("new", coap::codes::post, [](auto& event) { event.ttl = 30s; });
    w.advance(31s);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::expired_in_flight);
    w.advance(5min);
    EXPECT_EQ(w.state(w.newer), MessageState::unconfirmed);
    EXPECT_TRUE(w.held().empty()) << "whatever the SCEF held is deleted";
    w.device_wakes_and_sends("awake");
    w.advance(24h);
    EXPECT_TRUE(w.on_air().empty());
    EXPECT_EQ(w.state(w.old), MessageState::unconfirmed);
}

TEST(ReplaceInDoubt, the_configuration_is_gone_with_both) {
    Replacing w(flow_config(), coap::codes::post);
    w.scef.read_fails = true;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    w.replace("new", coap::codes::post);
    w.scef.tell_configuration("TERMINATED");
    w.scef.read_fails = false;
    w.advance(10s);
    EXPECT_EQ(w.state(w.newer), MessageState::unconfirmed);
    EXPECT_EQ(w.message(w.old).device_leg, DeviceLeg::awaiting_answer);
    EXPECT_FALSE(w.message(w.newer).is_taking_a_place());
}

/// It held the newer one when it was asked, so that has had its attempt: D19 may repeat it once.
TEST(ReplaceInDoubt, the_configuration_is_lost_while_the_SCEF_answers_that_it_holds_the_newer_one) {
    Replacing w;
    w.scef.read_takes = 2s;
    w.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    w.replace("new");
    w.scef.tell_configuration("TERMINATED");
    w.advance(3s);
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_EQ(w.message(w.newer).device_leg, DeviceLeg::awaiting_answer);
    EXPECT_FALSE(w.message(w.newer).is_taking_a_place());
}

// ---- Restart

TEST(ReplaceAcrossARestart, an_open_PUT_is_a_doubt) {
    for (const bool takes_it : {false, true}) {
        Replacing w;
        w.scef.answers_next_put_with(
            {.status = takes_it ? 0 : 409, .takes_it = takes_it, .delay = 30s});
        w.replace("new");
        ASSERT_EQ(w.message(w.newer).device_leg, DeviceLeg::submitting);
        w.crash_and_restart();
        w.settle();
        EXPECT_EQ(w.state(w.old), takes_it ? MessageState::superseded : MessageState::accepted);
        EXPECT_EQ(w.state(w.newer), takes_it ? MessageState::accepted : MessageState::queued);
        w.device_wakes_and_sends("awake");
        w.advance(1min);
        EXPECT_EQ(w.on_air(), takes_it ? Names{"new"} : (Names{"old", "new"}));
    }
}

TEST(ReplaceAcrossARestart, a_doubt_and_a_pause_go_on) {
    Replacing doubt;
    doubt.scef.read_fails = true;
    doubt.scef.answers_next_put_with({.transport = Transport::ambiguous, .takes_it = true});
    doubt.replace("new");
    doubt.crash_and_restart();
    doubt.scef.read_fails = false;
    doubt.settle();
    EXPECT_EQ(doubt.state(doubt.old), MessageState::superseded);
    Replacing pause;
    pause.scef.answers_next_put_with({.status = 503, .retry_after = 1min});
    pause.replace("new");
    pause.crash_and_restart();
    pause.advance(1min);
    EXPECT_EQ(pause.held(), Names{"new"});
    EXPECT_EQ(pause.state(pause.old), MessageState::superseded);
}

TEST(ReplaceAcrossARestart, the_end_of_the_newer_ones_TTL_leaves_the_question_open) {
    Replacing w;
    w.scef.answers_next_put_with({.takes_it = true, .delay = 1min});
    w.replace("new", coap::codes::put, [](auto& event) { event.ttl = 5s; });
    w.advance(6s);
    w.crash_and_restart();
    w.settle();
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_TRUE(w.held().empty());
    EXPECT_EQ(w.state(w.newer), MessageState::expired);
}

TEST(ReplaceAcrossARestart, what_is_deleted_at_the_SCEF_is_asked_for_again) {
    Replacing w;
    w.command(adapter::PauseDevice{0, w.id(), true});
    w.crash_after_turns(1, World::LastBatch::kept);
    w.replace("new");
    w.settle();
    EXPECT_EQ(w.state(w.old), MessageState::superseded);
    EXPECT_TRUE(w.held().empty());
}

class AtEveryTurnOfAReplacement
    : public testing::TestWithParam<std::tuple<int, World::LastBatch, bool>> {};

/// The SCEF carries the PUT out or says 409; the device gets one of the two, or both in order, and
/// nothing twice. A POST whose outcome nobody knows is not repeated.
TEST_P(AtEveryTurnOfAReplacement, a_crash_loses_nothing_and_repeats_nothing) {
    const auto [turn, batch, takes_it] = GetParam();
    Replacing w(flow_config(), coap::codes::post);
    if (!takes_it) w.scef.answers_next_put_with({.status = 409});
    w.crash_after_turns(turn, batch);
    w.replace("new", coap::codes::post, [](auto& event) { event.idempotency_key = "k"; });
    w.advance(10s);
    w.replace("new", coap::codes::post, [](auto& event) { event.idempotency_key = "k"; });
    w.advance(10s);
    for (int i = 0; i < 3; ++i) {
        w.device_wakes_and_sends("awake");
        w.advance(1min);
    }
    const Names air = w.on_air();
    const bool is_delivered = w.state(w.newer) == MessageState::delivered;
    EXPECT_TRUE(is_delivered || w.state(w.newer) == MessageState::unconfirmed);
    EXPECT_EQ(std::count(air.begin(), air.end(), "new"), is_delivered ? 1 : 0);
    EXPECT_EQ(std::count(air.begin(), air.end(), "old"),
              w.state(w.old) == MessageState::superseded ? 0 : 1);
    EXPECT_TRUE(queueing::is_terminal(w.state(w.old)));
}
INSTANTIATE_TEST_SUITE_P(Replace, AtEveryTurnOfAReplacement,
                         testing::Combine(testing::Range(1, 10),
                                          testing::Values(World::LastBatch::kept,
                                                          World::LastBatch::lost),
                                          testing::Bool()));

}  // namespace
}  // namespace scef::flow
