#include <gtest/gtest.h>

#include "tests/flow/sleep_worlds.h"

namespace scef::flow {
namespace {

using queueing::MessageState;

coap::Message without_response(World& w, std::uint32_t classes, coap::Type type) {
    return w.server.request(coap::codes::put, "/3/0/15", [&](coap::Message& m) {
        m.type = type;
        m.add_uint(coap::options::no_response, classes);
        m.payload = to_bytes("x");
    });
}

TEST(NoResponse, an_unwanted_answer_never_reaches_the_server_and_delivery_completes) {
    Awake w;
    w.device.answers = false;
    const auto request = without_response(w, 26, coap::Type::confirmable);
    w.advance(2s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_TRUE(w.server.responses_to(request).empty());
}

TEST(NoResponse, a_non_request_gets_nothing_back_even_if_it_expires) {
    Asleep w;
    const auto request = without_response(w, 26, coap::Type::non_confirmable);
    w.advance(25h);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_TRUE(w.server.received.empty());
}

TEST(NoResponse, an_error_that_is_wanted_passes) {
    Awake w;
    w.device.answers_after = 2s;
    w.device.answer_code = coap::codes::not_found;
    const auto request = without_response(w, 2, coap::Type::confirmable);
    w.advance(10s);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::not_found);
}

TEST(Methods, fetch_patch_and_ipatch_pass_and_only_fetch_may_be_repeated) {
    Awake w;
    w.device.answers = false;
    for (const auto code : {coap::codes::fetch, coap::codes::patch, coap::codes::ipatch}) {
        w.server.request(code, "", [](coap::Message& m) { m.payload = to_bytes("[]"); });
    }
    for (int i = 0; i < 6; ++i) {
        w.device_wakes_and_sends("x");
        w.advance(21s);
    }
    std::map<coap::Code, int> frames;
    for (const Bytes& frame : w.device.frames) ++frames[coap::parse(frame)->code];
    EXPECT_EQ(frames[coap::codes::fetch], 2);
    EXPECT_EQ(frames[coap::codes::patch], 1);
    EXPECT_EQ(frames[coap::codes::ipatch], 1);
}

coap::Message protected_request(World& w, coap::Code code) {
    return w.server.request(code, "", [](coap::Message& m) {
        m.add(coap::options::oscore, from_hex("0914"));
        m.payload = from_hex("a1b2c3d4e5f60718");
    });
}

TEST(Oscore, a_protected_exchange_passes_untouched) {
    Awake w;
    const auto request = protected_request(w, coap::codes::post);
    w.settle();
    ASSERT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.device.requests[0].options, request.options);
    EXPECT_EQ(w.device.requests[0].payload, request.payload);
    EXPECT_EQ(w.server.responses_to(request).size(), 1u);
}

TEST(Oscore, a_protected_request_is_never_repeated_because_its_replay_is_refused) {
    Awake w;
    w.device.answers = false;
    protected_request(w, coap::codes::fetch);
    for (int i = 0; i < 3; ++i) {
        w.advance(21s);
        w.device_wakes_and_sends("x");
    }
    EXPECT_EQ(w.executed(), 1u);
    int requests = 0;
    for (const Bytes& frame : w.device.frames) requests += coap::parse(frame)->code.is_request();
    EXPECT_EQ(requests, 1);
}

TEST(Deduplication, within_device_deduplication_an_execute_may_be_sent_once_more) {
    auto config = flow_config();
    config.profiles["nb-iot"].device_deduplication = 45s;
    World w(config);
    w.device_wakes_and_sends("x");
    w.device.answers = false;
    w.server.request(coap::codes::post, "/3/0/4");
    w.advance(15s);
    w.device_wakes_and_sends("x");
    w.advance(10s);
    EXPECT_EQ(w.executed(), 1u);
    int requests = 0;
    for (const Bytes& frame : w.device.frames) requests += coap::parse(frame)->code.is_request();
    EXPECT_EQ(requests, 2);
}

TEST(Admission, D5_a_device_that_the_scef_refuses_is_answered_5_02_at_once) {
    World w;
    w.scef.refuses_configurations = true;
    ModelDevice another(w, "refused@sim.example");
    w.add_device(another);
    w.server.endpoint = 2;
    const auto request = w.server.get("/3/0/0");
    w.settle();
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_EQ(w.server.responses_to(request)[0].code, coap::codes::bad_gateway);
}

TEST(Admission, D6_what_is_admitted_is_recorded_before_anyone_hears_of_it) {
    Asleep w;
    const auto request = w.server.get("/3/0/0");
    w.crash_after_turns(1, World::LastBatch::lost);
    w.advance(3s);
    EXPECT_TRUE(w.messages().empty());
    EXPECT_TRUE(w.server.received.empty());
    w.server.send(request);
    w.advance(2s);
    EXPECT_EQ(w.messages().size(), 1u);
    EXPECT_TRUE(w.server.has_ack(request));
}

TEST(Opaque, frames_that_are_not_coap_pass_byte_for_byte_with_ttl_and_window) {
    World w;
    for (const char* octets : {"16fefd0000", "2f010203", "c0aabb", "ff00"}) {
        w.server.send_octets(from_hex(octets));
    }
    w.advance(10s);
    EXPECT_TRUE(w.device.frames.empty());
    w.device_wakes();
    w.device.send_octets(from_hex("17fefd01"));
    w.settle();
    ASSERT_EQ(w.device.frames.size(), 4u);
    EXPECT_EQ(w.device.frames[1], from_hex("2f010203"));
    ASSERT_EQ(w.server.received_opaque.size(), 1u);
    EXPECT_EQ(w.server.received_opaque[0], from_hex("17fefd01"));
}

}  // namespace
}  // namespace scef::flow
