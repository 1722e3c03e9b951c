#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::MessageState;

TEST(Queue, a_full_queue_is_5_03_with_max_age) {
    auto config = flow_config();
    config.limits.queue_messages_per_device = 2;
    World w(config);
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.server.get("/3/0/1");
    const auto third = w.server.get("/3/0/2");
    w.settle();
    ASSERT_EQ(w.server.responses_to(third).size(), 1u);
    EXPECT_EQ(w.server.responses_to(third)[0].code, coap::codes::service_unavailable);
    EXPECT_TRUE(w.server.responses_to(third)[0].uint_option(coap::options::max_age));
}

TEST(Queue, two_clients_with_the_same_token_do_not_get_each_others_answers) {
    Awake w;
    const auto mine = [](coap::Message& m) { m.token = coap::Token{1}; };
    auto observe = w.server.request(coap::codes::get, "/3303/0/5700", [&](coap::Message& m) {
        mine(m);
        m.add_uint(coap::options::observe, 0);
    });
    w.settle();
    w.device.answer_payload = to_bytes("other");
    auto read = w.client.request(coap::codes::get, "/3/0/0", mine);
    w.settle();
    ASSERT_EQ(w.client.responses_to(read).size(), 1u);
    EXPECT_EQ(w.client.responses_to(read)[0].payload, to_bytes("other"));
    w.device.notify(w.device.requests[0].token, 2, "24.0");
    w.settle();
    EXPECT_EQ(w.client.responses_to(read).size(), 1u);
    EXPECT_EQ(w.server.responses_to(observe).back().payload, to_bytes("24.0"));
}

TEST(Queue, opaque_frames_pass_both_ways_byte_for_byte) {
    Awake w;
    const Bytes frame = from_hex("16fefd0001");
    w.server.send_octets(frame);
    w.settle();
    ASSERT_FALSE(w.device.frames.empty());
    EXPECT_EQ(w.device.frames.back(), frame);
    const Bytes back = from_hex("17fefd0002");
    w.device.send_octets(back);
    w.device.send_octets(back);  // the SCEF says it twice
    w.advance(1s);
    EXPECT_EQ(w.server.received_opaque, std::vector<Bytes>{back});
    w.advance(6s);
    w.device.send_octets(back);
    w.advance(1s);
    EXPECT_EQ(w.server.received_opaque.size(), 2u);
}

TEST(Queue, the_private_options_never_go_on_the_air) {
    Awake w;
    w.server.request(coap::codes::get, "/3/0/0", [](coap::Message& m) {
        m.add_text(coap::options::uri_host, "host");
        m.add_uint(coap::options::uri_port, 5683);
        m.add_uint(coap::options::ttl_seconds, 60);
        m.add_uint(coap::options::request_tag, 7);
    });
    w.settle();
    ASSERT_EQ(w.executed(), 1u);
    const auto& seen = w.device.requests[0];
    EXPECT_EQ(seen.find(coap::options::uri_host), nullptr);
    EXPECT_EQ(seen.find(coap::options::uri_port), nullptr);
    EXPECT_EQ(seen.find(coap::options::ttl_seconds), nullptr);
    EXPECT_NE(seen.find(coap::options::request_tag), nullptr);
}

TEST(Queue, malformed_datagrams_are_reset_if_confirmable_and_a_ping_is_answered) {
    World w;
    w.server.send_octets(from_hex("49011234"));
    w.server.send_octets(from_hex("40001235"));
    w.server.send_octets(from_hex("59011236"));
    w.settle();
    ASSERT_EQ(w.server.received.size(), 2u);
    EXPECT_EQ(w.server.received[0].message.type, coap::Type::reset);
    EXPECT_EQ(w.server.received[1].message.message_id, 0x1235);
    EXPECT_EQ(w.scef.posts, 0);
}

TEST(Queue, ten_requests_to_a_sleeping_device_arrive_in_order_one_in_flight) {
    Asleep w;
    std::vector<coap::Message> asked;
    for (int i = 0; i < 10; ++i) asked.push_back(w.server.get("/3/0/" + std::to_string(i)));
    w.advance(5s);
    w.device_wakes_and_sends("awake");
    ASSERT_EQ(w.executed(), 10u);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(w.device.requests[i].path_text(), "/3/0/" + std::to_string(i));
        EXPECT_EQ(w.server.responses_to(asked[i]).size(), 1u);
    }
}

TEST(Queue, after_hold_max_the_message_goes_to_the_scef_without_a_window) {
    auto config = flow_config();
    config.profiles["nb-iot"].hold_max = 10min;
    World w(config);
    w.device_sleeps();
    w.server.get("/3/0/0");
    w.advance(10min);
    EXPECT_EQ(w.scef.transfers().size(), 1u);
    EXPECT_EQ(w.only_message().state, MessageState::accepted);
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(Queue, a_request_of_the_bootstrap_server_is_answered_to_it) {
    Awake w;
    const auto request = w.bootstrap.request(coap::codes::put, "/0/1");
    w.settle();
    EXPECT_EQ(w.bootstrap.responses_to(request).size(), 1u);
    EXPECT_EQ(w.only_message().operation, lwm2m::Operation::bootstrap_write);
}

TEST(Queue, a_clock_set_forward_expires_what_is_too_old_before_it_is_sent) {
    Asleep w;
    w.server.get("/3/0/0");
    w.advance(5s);
    w.set_wall(2h);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

}  // namespace
}  // namespace scef::flow
