#include <gtest/gtest.h>

#include "tests/flow/reachable.h"

/// What an engine counts for the metrics page.
namespace scef::flow {
namespace {

using adapter::Hearing;
using adapter::MessageEnd;
using adapter::QuotaScope;
using adapter::ScefCounters;
using queueing::DeliveryLevel;
using queueing::MessageKind;
using queueing::MessageState;
using queueing::Reason;

const ScefCounters& counters(const World& world) { return world.engine().counters().scefs.at(0); }

std::uint64_t ended(const World& world, const MessageEnd& end) {
    const auto found = counters(world).ended.find(end);
    return found == counters(world).ended.end() ? 0 : found->second;
}

template <typename Histogram>
std::uint64_t count_of(const Histogram& histogram) {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : histogram.counts) sum += count;
    return sum;
}

TEST(Counters, an_answered_read_is_counted_with_its_level_times_and_slack) {
    Reachable w;
    w.device.answers_after = 3s;
    w.read_within(100s);
    w.advance(10s);
    EXPECT_EQ(ended(w, {MessageKind::request, MessageState::delivered, DeliveryLevel::coap,
                        Reason::answered}),
              1u);
    EXPECT_EQ(counters(w).enqueued[0][1], 1u) << "a request of normal priority";
    EXPECT_NEAR(counters(w).delivery_seconds[4].sum, 3, 0.5);
    EXPECT_NEAR(counters(w).ttl_slack.sum, 97, 0.5);
    EXPECT_EQ(counters(w).attempts.sum, 1);
    EXPECT_LT(counters(w).queue_seconds.sum, 0.1);
    EXPECT_EQ(count_of(counters(w).queue_seconds), 1u);
    EXPECT_GT(counters(w).downlink_bytes, 0u);
}

TEST(Counters, replies_have_an_end_but_no_times) {
    Reachable w;
    w.device.register_();
    w.advance(5s);
    const auto& counted = counters(w);
    EXPECT_GE(counted.enqueued[1][2], 1u) << "replies are of high priority";
    EXPECT_EQ(count_of(counted.attempts), 0u);
    EXPECT_EQ(count_of(counted.queue_seconds), 0u);
    EXPECT_GT(counted.uplink_bytes, 0u);
    EXPECT_GE(counted.notifications_accepted[0], 1u);
}

TEST(Counters, what_a_sleeping_device_does_not_get_in_time_expires_at_level_none) {
    World w;
    w.device_sleeps();
    w.advance(1h);
    w.server.request(coap::codes::get, "/3/0/0",
                     [](coap::Message& m) { m.add_uint(coap::options::ttl_seconds, 60); });
    w.advance(10s);
    auto gauges = w.engine().gauges(w.wall(), w.now()).scefs.at(0);
    EXPECT_EQ(gauges.queued_by_reason[Reason::awaiting_window], 1u);
    EXPECT_EQ(gauges.near_expiry, 0u);
    EXPECT_NEAR(gauges.oldest_queued_seconds, 10, 0.1);
    w.advance(45s);
    EXPECT_EQ(w.engine().gauges(w.wall(), w.now()).scefs.at(0).near_expiry, 1u);
    w.advance(10s);
    EXPECT_EQ(
        ended(w, {MessageKind::request, MessageState::expired, DeliveryLevel::none, Reason::ttl}),
        1u);
    EXPECT_EQ(count_of(counters(w).attempts), 1u);
    EXPECT_EQ(count_of(counters(w).queue_seconds), 0u) << "it was never POSTed";
}

TEST(Counters, an_awake_window_is_hit_by_what_was_heard_in_it_and_else_missed) {
    World w;
    w.device_wakes_and_sends("x");
    w.settle();
    w.server.get("/3/0/0");
    w.advance(2s);
    EXPECT_EQ(counters(w).windows_hit, 1u);
    EXPECT_EQ(counters(w).windows_missed, 0u);
    w.device_wakes_and_sends("y");
    w.settle();
    w.device_sleeps();  // sooner than its profile says
    w.server.request(coap::codes::get, "/3/0/1",
                     [](coap::Message& m) { m.add_uint(coap::options::ttl_seconds, 600); });
    w.advance(2h);
    EXPECT_EQ(counters(w).windows_hit, 1u);
    EXPECT_EQ(counters(w).windows_missed, 1u);
}

TEST(Counters, a_device_that_always_hears_has_no_windows) {
    Reachable w;
    w.read();
    w.advance(5s);
    EXPECT_EQ(counters(w).windows_hit + counters(w).windows_missed, 0u);
}

TEST(Counters, the_wait_for_a_quota_is_timed_by_whose_it_is) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{6, 1min}, 1}};
    config.quotas["default"].emergency_reserve = 0;
    Reachable w(config);
    w.read();
    w.settle();
    w.execute();
    w.advance(1min);
    const auto& waited = counters(w).quota_wait_seconds;
    EXPECT_NEAR(waited[static_cast<std::size_t>(QuotaScope::Kind::device)], 10, 0.5);
    EXPECT_EQ(waited[static_cast<std::size_t>(QuotaScope::Kind::account)], 0);
}

TEST(Counters, coap_frames_are_counted_by_type_and_class_of_the_code) {
    Reachable w;
    w.read();
    w.advance(5s);
    using Class = adapter::CoapCounters::CodeClass;
    const auto& coap = w.engine().counters().coap;
    EXPECT_EQ(coap.downlink[0][static_cast<std::size_t>(Class::request)], 1u) << "CON GET";
    EXPECT_EQ(coap.uplink[2][static_cast<std::size_t>(Class::success)], 1u) << "ACK 2.05";
}

TEST(Counters, a_frame_that_is_too_large_is_counted_by_what_becomes_of_it) {
    Reachable w;
    w.server.request(coap::codes::put, "/5/0/0", [](coap::Message& m) { m.payload.resize(3000); });
    w.settle();
    EXPECT_EQ(w.engine().counters().oversize_answered, 1u);
    w.enqueue(Bytes(3000), [](adapter::EnqueueMessage& message) { message.opaque = true; });
    EXPECT_EQ(w.engine().counters().oversize_rejected, 1u);
}

TEST(Counters, a_second_request_under_an_idempotency_key_is_a_suppressed_duplicate) {
    Reachable w;
    const auto with_key = [](adapter::EnqueueMessage& message) {
        message.opaque = true;
        message.idempotency_key = "k";
    };
    w.enqueue({1}, with_key);
    w.enqueue({1}, with_key);
    EXPECT_EQ(w.engine().counters().idempotent_repeats, 1u);
}

TEST(Counters, devices_are_counted_by_whether_they_hear) {
    World w;
    const auto hearing = [&w](Hearing kind) {
        return w.engine()
            .gauges(w.wall(), w.now())
            .devices_by_hearing.at(static_cast<std::size_t>(kind));
    };
    EXPECT_EQ(hearing(Hearing::unheard), 1u);
    w.device_wakes_and_sends("x");
    w.advance(3s);
    EXPECT_EQ(hearing(Hearing::awake), 1u);
    EXPECT_EQ(hearing(Hearing::unheard), 0u);
    w.device_sleeps();
    w.advance(1h);
    EXPECT_EQ(hearing(Hearing::awake), 0u);
    EXPECT_EQ(hearing(Hearing::asleep), 1u);
}

TEST(Counters, the_end_of_the_first_configuration_is_known_to_the_hour) {
    World w;
    const auto first = w.engine().gauges(w.wall(), w.now()).scefs.at(0).devices.first_expiry;
    ASSERT_TRUE(first);
    const WallTime end = w.known().nidd.expires_at;
    EXPECT_LE(*first, end);
    EXPECT_GT(*first, end - 1h);
}

}  // namespace
}  // namespace scef::flow
