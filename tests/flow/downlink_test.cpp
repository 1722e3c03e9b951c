#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::Reason;

TEST(Downlink, D10_a_read_of_an_awake_device_is_answered_piggybacked) {
    Awake w;
    const auto request = w.server.get("/3/0/0");
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].type, coap::Type::acknowledgement);
    EXPECT_EQ(responses[0].code, coap::codes::content);
    EXPECT_EQ(responses[0].payload, to_bytes("23.5"));
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(Downlink, D11_a_read_of_a_sleeping_device_is_acknowledged_and_answered_when_it_wakes) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(2s);
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_TRUE(w.server.responses_to(request).empty());
    EXPECT_EQ(w.scef.posts, 0);
    w.advance(58s);
    w.device_wakes_and_sends("awake");
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].type, coap::Type::confirmable);
    EXPECT_EQ(responses[0].payload, to_bytes("23.5"));
    w.advance(300s);
    EXPECT_EQ(w.engine().gauges(w.wall()).messages_open, 0u);
}

TEST(Downlink, D7_the_empty_ack_comes_after_one_second_and_not_before) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(999ms);
    EXPECT_FALSE(w.server.has_ack(request));
    w.advance(1ms);
    EXPECT_TRUE(w.server.has_ack(request));
}

TEST(Downlink, D1_a_server_without_separate_responses_is_kept_waiting_for_a_piggybacked_one) {
    auto config = flow_config();
    config.lwm2m_servers[0].ack_hold = 50s;
    World w(config);
    const auto request = w.server.get("/3/0/0");
    for (const auto pause : {2s, 4s, 8s, 16s}) {
        w.advance(pause);
        w.server.send(request);
    }
    w.settle();
    EXPECT_FALSE(w.server.has_ack(request));
    w.device_wakes_and_sends("x");
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].type, coap::Type::acknowledgement);
    EXPECT_EQ(responses[0].payload, to_bytes("23.5"));
    EXPECT_EQ(w.executed(), 1u);
    const auto another = w.server.get("/3/0/1");
    w.device.answers = false;
    w.advance(51s);
    EXPECT_TRUE(w.server.has_ack(another));
}

TEST(Downlink, D1_five_copies_of_a_request_are_one_frame) {
    Awake w;
    w.device.answers_after = 30s;
    const auto request = w.server.get("/3/0/0");
    for (const auto pause : {2s, 4s, 8s, 16s}) {
        w.advance(pause);
        w.server.send(request);
    }
    w.advance(60s);
    w.server.send(request);
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.engine().counters().server_retransmissions_absorbed, 5u);
}

TEST(Downlink, D1_a_copy_after_the_piggybacked_answer_gets_that_answer_again) {
    Awake w;
    const auto request = w.server.get("/3/0/0");
    w.settle();
    const auto before = w.server.received.size();
    w.server.send(request);
    w.settle();
    ASSERT_EQ(w.server.received.size(), before + 1);
    EXPECT_EQ(w.server.received.back().message.payload, to_bytes("23.5"));
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Downlink, D1_the_same_message_id_with_other_bytes_is_a_new_request) {
    Awake w;
    auto request = w.server.get("/3/0/0");
    w.settle();
    request.payload = to_bytes("x");
    w.server.send(request);
    w.settle();
    EXPECT_EQ(w.executed(), 2u);
}

TEST(Downlink, D11_answers_after_half_a_second_1500ms_30s_and_3h_reach_the_server) {
    for (const Duration pause : {Duration(500ms), Duration(1500ms), Duration(30s), Duration(3h)}) {
        auto config = flow_config();
        config.lwm2m_servers[0].separate_response_limit = 24h;
        config.profiles["nb-iot"].ttl = {{"default", 24h}};
        World w(config);
        w.device_wakes_and_sends("hello");
        w.device.answers_after = pause;
        const auto request = w.server.get("/3/0/0");
        w.advance(pause + 200s);
        const auto responses = w.server.responses_to(request);
        ASSERT_EQ(responses.size(), 1u);
        EXPECT_EQ(responses[0].type,
                  pause < Duration(1s) ? coap::Type::acknowledgement : coap::Type::confirmable);
        EXPECT_EQ(w.only_message().state, MessageState::delivered);
        EXPECT_EQ(w.executed(), 1u);
    }
}

TEST(Downlink, D15_a_server_that_gave_up_answers_reset_and_the_result_is_late) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(30s);
    w.server.resets_responses = true;
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.engine().counters().late_results, 1u);
    const auto message = w.only_message();
    EXPECT_EQ(message.state, MessageState::delivered);
    EXPECT_EQ(message.response_payload, to_bytes("23.5"));
}

TEST(Downlink, D15_a_server_that_never_acknowledges_a_separate_response_gets_five_copies) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(30s);
    w.server.acknowledges = false;
    w.device_wakes_and_sends("awake");
    w.advance(300s);
    const auto copies =
        std::count_if(w.server.received.begin(), w.server.received.end(), [&](const auto& r) {
            return r.message.code == coap::codes::content && r.message.token == request.token;
        });
    EXPECT_EQ(copies, 5);
    EXPECT_EQ(w.engine().gauges(w.wall()).messages_open, 0u);
}

TEST(Downlink, D16_a_ttl_of_5_s_to_a_sleeping_device_is_5_04_and_nothing_on_the_air) {
    Asleep w;
    const auto request = w.server.request(coap::codes::get, "/3/0/0", [](coap::Message& m) {
        m.add_uint(coap::options::ttl_seconds, 5);
    });
    w.advance(5s);
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].code, coap::codes::gateway_timeout);
    w.advance(100s);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

TEST(Downlink, D16_the_expiry_of_a_queue_mode_device_is_silent) {
    World w;
    w.device.register_({"ep=dev1", "lt=300", "lwm2m=1.1", "b=U", "Q"});
    w.advance(30s);
    w.device_sleeps();
    const auto request = w.server.request(coap::codes::get, "/3/0/0", [](coap::Message& m) {
        m.add_uint(coap::options::ttl_seconds, 5);
    });
    w.advance(60s);
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_TRUE(w.server.responses_to(request).empty());
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

TEST(Downlink, D11_at_the_servers_own_limit_it_is_told_and_the_late_answer_is_kept) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(120s);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::gateway_timeout);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.only_message().response_payload, to_bytes("23.5"));
    EXPECT_EQ(w.engine().counters().late_results, 1u);
}

TEST(Downlink, D12_a_separate_answer_of_the_device_is_acknowledged_to_it) {
    Awake w;
    w.device.answers_after = 3s;
    const auto request = w.server.get("/3/0/0");
    w.advance(10s);
    ASSERT_FALSE(w.device.replies.empty());
    EXPECT_EQ(w.device.replies.back().type, coap::Type::acknowledgement);
    EXPECT_TRUE(w.device.replies.back().code.is_empty());
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
}

TEST(Downlink, D13_after_the_devices_empty_ack_the_request_is_not_repeated) {
    Awake w;
    w.device.answers_after = 10min;
    const auto request = w.server.get("/3/0/0");
    w.advance(5min);
    w.device_wakes_and_sends("still here");
    w.advance(1min);
    EXPECT_EQ(w.scef.posted.size(), 3u);  // two answers to Send and the one request
    w.advance(10min);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

TEST(Downlink, D14_a_reset_of_the_device_reaches_a_server_that_waits) {
    Awake w;
    w.device.resets_requests = true;
    const auto request = w.server.get("/3/0/0");
    w.settle();
    EXPECT_TRUE(w.server.has_reset(request));
    EXPECT_EQ(w.only_message().reason, Reason::reset_by_device);
    w.server.send(request);
    w.settle();
    EXPECT_FALSE(w.server.has_ack(request));
}

TEST(Downlink, D14_a_reset_after_custody_is_5_02) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.advance(10s);
    w.device.resets_requests = true;
    w.device_wakes_and_sends("awake");
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::bad_gateway);
}

TEST(Downlink, D19_a_read_without_answer_is_sent_once_more_with_the_same_bytes_and_then_waits) {
    Awake w;
    w.device.answers = false;
    const auto request = w.server.get("/3/0/0");
    w.advance(21s);
    w.device_wakes_and_sends("there");
    w.advance(25s);
    w.device_wakes_and_sends("there");
    const auto& frames = w.device.frames;
    std::vector<Bytes> reads;
    for (const Bytes& f : frames) {
        if (coap::parse(f)->code == coap::codes::get) reads.push_back(f);
    }
    ASSERT_EQ(reads.size(), 2u);
    EXPECT_EQ(reads[0], reads[1]);
    w.advance(2h);
    EXPECT_EQ(w.only_message().state, MessageState::unconfirmed);
}

TEST(Downlink, D19_an_execute_without_answer_is_never_repeated_and_frees_the_slot) {
    Awake w;
    w.device.answers = false;
    w.server.request(coap::codes::post, "/3/0/4");
    w.server.get("/3/0/0");
    w.advance(21s);
    w.device.answers = true;
    w.device_wakes_and_sends("there");
    EXPECT_EQ(w.executed(), 2u);
    w.advance(1h);
    const auto messages = w.messages();
    EXPECT_EQ(messages[0].state, MessageState::unconfirmed);
    EXPECT_EQ(messages[1].state, MessageState::delivered);
}

TEST(Downlink, D19_a_late_answer_of_a_device_that_wakes_completes_the_exchange) {
    Awake w;
    w.device.answers = false;
    const auto request = w.server.get("/3/0/0");
    w.advance(40s);  // the repetition waits for a window
    ASSERT_EQ(w.executed(), 1u);
    auto response = coap::make_response(w.device.requests[0], coap::codes::content);
    response.payload = to_bytes("late");
    w.device.send(response);
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].payload, to_bytes("late"));
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Downlink, D20_a_non_request_is_complete_when_delivered_and_a_late_answer_still_passes) {
    Awake w;
    const auto request = w.server.request(
        coap::codes::get, "/3/0/0", [](coap::Message& m) { m.type = coap::Type::non_confirmable; });
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].type, coap::Type::non_confirmable);
    w.device.notify(coap::Token{9}, 1, "x");
    w.advance(300s);
    EXPECT_EQ(w.known().activity, nullptr);
}

TEST(Downlink, D3_an_oversized_request_is_4_13_with_a_block_that_fits) {
    World w;
    const auto request = w.server.request(coap::codes::put, "/5/0/0",
                                          [](coap::Message& m) { m.payload = Bytes(2000, 1); });
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].code, coap::codes::request_entity_too_large);
    const auto block = coap::Block::from(responses[0], coap::options::block1);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->size(), 1024u);
    EXPECT_EQ(w.scef.posts, 0);
}

TEST(Downlink, D4_an_exhausted_quota_makes_messages_wait_and_leave_at_the_exact_time) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.quotas["default"].emergency_reserve = 0;
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    w.server.get("/3/0/0");
    w.server.get("/3/0/1");
    w.settle();
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.messages()[1].reason, Reason::quota);
    w.advance(60s - 1ns);
    EXPECT_EQ(w.executed(), 1u);
    w.advance(1ns);
    EXPECT_EQ(w.executed(), 2u);
}

TEST(Downlink, D4_an_exhausted_quota_may_reject_with_4_29_and_say_when) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.quotas["default"].on_exhausted = adapter::QuotaConfig::OnExhausted::reject;
    config.profiles["nb-iot"].reachability.kind = adapter::ReachabilityConfig::Kind::always;
    World w(config);
    w.server.get("/3/0/0");
    w.settle();
    const auto request = w.server.get("/3/0/1");
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 1u);
    EXPECT_EQ(responses[0].code, coap::codes::too_many_requests);
    EXPECT_EQ(responses[0].uint_option(coap::options::max_age), 60u);
}

}  // namespace
}  // namespace scef::flow
