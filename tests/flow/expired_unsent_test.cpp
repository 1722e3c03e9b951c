#include "tests/flow/reachable.h"
#include "tests/flow/replace_world.h"

/// A POST or PUT that found no connection until its message's TTL was over: it never leaves, so
/// that nothing is heard after its time or after its successor (docs/exchanges.md, D16 and D17).
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

/// The only message ended so, after so many POSTs, and the server was told.
void expect_end(Reachable& w, const coap::Message& request, MessageState state, unsigned posts) {
    EXPECT_EQ(w.scef.posts, static_cast<int>(posts));
    EXPECT_EQ(w.only_message().state, state);
    EXPECT_EQ(w.only_message().attempts, posts);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
}

TEST(ExpiredUnsent, post_expired_a_message_whose_POST_never_left_is_EXPIRED) {
    Reachable w;
    w.scef.connection_takes = 7s;
    const auto request = w.read_within(5s);
    w.advance(6s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::expired_in_flight);
    w.advance(1s);
    EXPECT_TRUE(w.device.frames.empty());
    expect_end(w, request, MessageState::expired, 0);
}

TEST(ExpiredUnsent, post_expired_its_successor_does_not_wait_for_the_scef_to_be_trusted_again) {
    Reachable w;
    w.scef.connection_takes = 7s;
    w.read_within(5s);
    w.advance(6s);
    w.scef.connection_takes = {};
    w.advance(1s);
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.executed(), 1u) << "the SCEF pauses though it did nothing wrong";
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

TEST(ExpiredUnsent, post_expired_the_next_one_is_not_overtaken_by_it) {
    Reachable w;
    w.scef.connection_takes = 7s;
    w.read_within(5s);
    w.advance(1s);
    w.execute();
    w.advance(30s);
    ASSERT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(ExpiredUnsent, post_expired_after_an_attempt_that_went_nobody_knows_what_the_device_heard) {
    Reachable w;
    w.device.answers = false;
    const auto request = w.read_within(60s);
    w.advance(1s);
    ASSERT_EQ(w.scef.posts, 1);
    w.scef.connection_takes = 90s;
    w.advance(60s + 90s);
    expect_end(w, request, MessageState::unconfirmed, 1);
}

TEST(ExpiredUnsent, post_expired_a_message_that_may_live_longer_by_now_goes_again) {
    Reachable w;
    w.scef.connection_takes = 7s;
    w.read_within(5s);
    w.advance(1s);
    const auto again = w.read_within(60s);  // the same question
    w.advance(6s);
    w.scef.connection_takes = {};
    w.advance(10s);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.heard(again), coap::codes::content);
}

TEST(ExpiredUnsent, put_expired_the_older_one_goes_on) {
    Replacing w;
    w.scef.connection_takes = 7s;
    w.replace("new", coap::codes::put, [](adapter::EnqueueMessage& event) { event.ttl = 5s; });
    w.advance(8s);
    EXPECT_EQ(w.scef.puts, 0);
    EXPECT_EQ(w.held(), std::vector<std::string>{"old"});
    EXPECT_EQ(w.state(w.old), MessageState::accepted);
    EXPECT_EQ(w.state(w.newer), MessageState::expired);
}

}  // namespace
}  // namespace scef::flow
