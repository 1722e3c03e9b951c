#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

struct Observed : World {
    explicit Observed(adapter::Config config = flow_config()) : World(std::move(config)) {
        device_wakes_and_sends("hello");
        request = server.observe("/3303/0/5700");
        settle();
        token = device.requests.at(0).token;
    }
    coap::Message request;
    coap::Token token;
};

adapter::Config with_local_ack() {
    auto config = flow_config();
    config.profiles["nb-iot"].local_ack = true;
    return config;
}

adapter::Config with_little_quota() {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{1, 1h}, 2}};
    config.quotas["default"].emergency_reserve = 0;
    return config;
}

TEST(Observation, U6_with_local_ack_a_notification_is_acknowledged_once_it_is_recorded) {
    Observed w(with_local_ack());
    w.server.is_down = true;
    const auto sent = w.device.notify(w.token, 2, "24.0");
    w.advance(1s);
    EXPECT_EQ(w.device.replies.back().type, coap::Type::acknowledgement);
    EXPECT_EQ(w.device.replies.back().message_id, sent.message_id);
    const auto frames = w.device.frames.size();
    w.server.is_down = false;
    w.advance(11min);
    EXPECT_EQ(w.server.responses_to(w.request).back().payload, to_bytes("24.0"));
    EXPECT_EQ(w.device.frames.size(), frames);
}

TEST(Observation, U8_after_a_local_ack_the_next_notification_is_reset) {
    Observed w(with_local_ack());
    w.server.resets_notifications = true;
    w.device.notify(w.token, 2, "24.0");
    w.settle();
    EXPECT_EQ(w.device.replies.back().type, coap::Type::acknowledgement);
    const auto before = w.server.received.size();
    const auto next = w.device.notify(w.token, 3, "25.0");
    w.settle();
    EXPECT_EQ(w.device.replies.back().type, coap::Type::reset);
    EXPECT_EQ(w.device.replies.back().message_id, next.message_id);
    EXPECT_EQ(w.server.received.size(), before);
}

TEST(Observation, U8_a_non_notification_is_reset_lazily_while_the_quota_is_short) {
    Observed w(with_little_quota());
    w.server.resets_notifications = true;
    const auto frames = w.device.frames.size();
    w.device.notify(w.token, 2, "24.0", coap::Type::non_confirmable);
    w.settle();
    w.device.notify(w.token, 3, "25.0", coap::Type::non_confirmable);
    w.settle();
    EXPECT_EQ(w.device.frames.size(), frames);
    w.crash_and_restart();
    w.device.notify(w.token, 4, "26.0");
    w.settle();
    ASSERT_EQ(w.device.frames.size(), frames + 1);
    EXPECT_EQ(w.device.replies.back().type, coap::Type::reset);
}

TEST(Observation, D15_an_observation_whose_answer_was_reset_is_dead_for_the_device_too) {
    Asleep w;
    w.server.resets_responses = w.server.resets_notifications = true;
    w.server.observe("/3303/0/5700");
    w.advance(10s);
    w.device_wakes_and_sends("awake");
    EXPECT_TRUE(w.known().observations.empty());
    const auto before = w.server.received.size();
    w.device.notify(w.device.requests[0].token, 2, "24.0");
    w.settle();
    EXPECT_EQ(w.device.replies.back().type, coap::Type::reset);
    EXPECT_EQ(w.server.received.size(), before);
}

TEST(Observation, D15_a_notification_that_overtakes_the_late_answer_reaches_its_server) {
    Awake w;
    w.device.answers = false;
    w.server.observe("/3303/0/5700");
    w.advance(flow_config().lwm2m_servers[0].separate_response_limit + 1s);
    const auto told = w.server.from_device().size();
    w.device.notify(w.device.requests.at(0).token, 3, "late");
    w.settle();
    ASSERT_EQ(w.server.from_device().size(), told + 1);
    EXPECT_EQ(w.server.from_device().back().payload, to_bytes("late"));
    EXPECT_EQ(w.device.replies.back().type, coap::Type::acknowledgement);
}

TEST(Observation, an_observe_on_fetch_makes_an_observation) {
    Awake w;
    const auto request = w.server.request(coap::codes::fetch, "", [](auto& m) {
        m.add_uint(coap::options::observe, 0);
        m.payload = to_bytes("[]");
    });
    w.settle();
    w.device.notify(w.device.requests.at(0).token, 2, "composite");
    w.settle();
    EXPECT_EQ(w.server.responses_to(request).back().payload, to_bytes("composite"));
}

TEST(Observation, a_renewed_one_keeps_its_token_and_a_cancelled_one_is_gone) {
    Observed w;
    w.server.send([&] {
        auto again = w.request;
        again.message_id = 9000;
        return again;
    }());
    w.settle();
    EXPECT_EQ(w.device.requests.back().token, w.token);
    w.server.send([&] {
        auto cancel = w.request;
        cancel.message_id = 9001;
        cancel.remove(coap::options::observe);
        cancel.add_uint(coap::options::observe, 1);
        return cancel;
    }());
    w.settle();
    EXPECT_TRUE(w.known().observations.empty());
}

TEST(Observation, a_long_notification_is_fetched_in_blocks_by_the_server) {
    Observed w;
    w.device.notify(w.token, 2, "first block");
    w.settle();
    const auto next = w.server.request(coap::codes::get, "/3303/0/5700", [](auto& m) {
        m.add_uint(coap::options::block2, coap::Block{1, false, 2}.value());
    });
    w.settle();
    EXPECT_EQ(w.server.responses_to(next).size(), 1u);
    EXPECT_EQ(w.known().observations.size(), 1u);
}

TEST(Observation, U5_notifications_keep_their_order_and_numbers) {
    Observed w;
    for (std::uint32_t sequence = 2; sequence < 7; ++sequence) {
        w.device.notify(w.token, sequence, std::to_string(sequence), coap::Type::non_confirmable);
    }
    w.settle();
    const auto responses = w.server.responses_to(w.request);
    ASSERT_EQ(responses.size(), 6u);
    for (std::uint32_t i = 1; i < 6; ++i) {
        EXPECT_EQ(responses[i].uint_option(coap::options::observe), i + 1);
    }
}

}  // namespace
}  // namespace scef::flow
