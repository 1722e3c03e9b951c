#include <gtest/gtest.h>

#include "tests/flow/world.h"

/// What the event feed is told, once per change and never before it is on stable storage.
namespace scef::flow {
namespace {

using adapter::ConfigurationChange;
using adapter::FeedEvent;
using adapter::MessageOutcome;
using adapter::OpaqueUplink;
using adapter::RegistrationChange;
using queueing::AckMode;
using queueing::MessageState;

Bytes read_frame(coap::Code code = coap::codes::get) {
    coap::Message message;
    message.code = code;
    message.add_text(coap::options::uri_path, "3");
    message.add_text(coap::options::uri_path, "0");
    return coap::serialize(message);
}

template <typename What>
std::vector<What> told(World& world) {
    std::vector<What> found;
    for (const FeedEvent& event : world.events()) {
        if (const auto* what = std::get_if<What>(&event.what)) found.push_back(*what);
    }
    return found;
}

TEST(Events, the_answer_of_a_message_of_the_api_is_told_with_its_payload) {
    World w;
    const auto sent = w.enqueue(read_frame(), [](adapter::EnqueueMessage& message) {
        message.correlation_id = "job 7";
    });
    EXPECT_TRUE(told<MessageOutcome>(w).empty());
    w.device_wakes_and_sends("x");
    const auto outcomes = told<MessageOutcome>(w);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].message, sent.result->message);
    EXPECT_EQ(outcomes[0].correlation_id, "job 7");
    EXPECT_EQ(outcomes[0].state, MessageState::delivered);
    EXPECT_EQ(outcomes[0].level, queueing::DeliveryLevel::coap);
    EXPECT_TRUE(outcomes[0].is_of_api);
    EXPECT_EQ(outcomes[0].response_code, coap::codes::content);
    EXPECT_EQ(outcomes[0].response_payload, to_bytes("23.5"));
    EXPECT_EQ(w.events().back().device, w.device.external_id());
}

TEST(Events, a_servers_request_is_told_without_the_payload_that_its_server_has) {
    World w;
    w.server.get("/3/0/0");
    w.device_wakes_and_sends("x");
    const auto outcomes = told<MessageOutcome>(w);
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_FALSE(outcomes[0].is_of_api);
    EXPECT_EQ(outcomes[0].response_code, coap::codes::content);
    EXPECT_TRUE(outcomes[0].response_payload.empty());
}

struct Wish {
    AckMode ack;
    bool good, bad;
};

class AckModes : public testing::TestWithParam<Wish> {};

TEST_P(AckModes, tell_what_was_asked_for) {
    World w;
    const auto wish = [](adapter::EnqueueMessage& message) { message.ack = GetParam().ack; };
    w.enqueue(read_frame(), wish);
    w.device_wakes_and_sends("x");
    EXPECT_EQ(told<MessageOutcome>(w).size(), GetParam().good ? 1u : 0u);
    w.device_sleeps();
    w.crash_and_restart();
    w.advance(1min);
    w.enqueue(read_frame(), [&](adapter::EnqueueMessage& message) {
        wish(message);
        message.ttl = 10s;
    });
    w.crash_and_restart();
    w.advance(1min);
    EXPECT_EQ(w.messages().back().state, MessageState::expired);
    const std::size_t expected = (GetParam().good ? 1u : 0u) + (GetParam().bad ? 1u : 0u);
    EXPECT_EQ(told<MessageOutcome>(w).size(), expected);
}

INSTANTIATE_TEST_SUITE_P(All, AckModes,
                         testing::Values(Wish{AckMode::none, false, false},
                                         Wish{AckMode::positive, true, false},
                                         Wish{AckMode::negative, false, true},
                                         Wish{AckMode::full, true, true}),
                         [](const auto& info) {
                             return std::string(queueing::name_of(info.param.ack));
                         });

TEST(Events, a_crash_between_record_and_effect_tells_once) {
    World w;
    w.enqueue(read_frame());
    w.device_wakes();
    w.advance(10s);
    w.crash_and_restart();
    w.device.send(w.device.data("x"));
    w.advance(5min);
    EXPECT_EQ(told<MessageOutcome>(w).size(), 1u);
}

TEST(Events, registrations_and_their_end_are_told) {
    World w;
    w.device.register_();
    w.settle();
    w.advance(1h);  // lifetime 300 s
    const auto changes = told<RegistrationChange>(w);
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0], (RegistrationChange{RegistrationChange::Kind::registered,
                                              changes[0].server, "dev1"}));
    EXPECT_EQ(changes[1].kind, RegistrationChange::Kind::ended);
    EXPECT_EQ(changes[1].endpoint_name, "dev1");
}

TEST(Events, another_status_of_the_configuration_is_told_once) {
    World w;
    auto changes = told<ConfigurationChange>(w);
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].status, adapter::NiddLink::Status::active);
    w.advance(48h);
    EXPECT_EQ(told<ConfigurationChange>(w).size(), 1u) << "a renewal is no change";
}

TEST(Events, octets_that_are_no_coap_are_told_once) {
    World w;
    w.device.send_octets(from_hex("17fefd01"));
    w.device.send_octets(from_hex("17fefd01"));
    w.settle();
    const auto uplinks = told<OpaqueUplink>(w);
    ASSERT_EQ(uplinks.size(), 1u);
    EXPECT_EQ(uplinks[0].octets, from_hex("17fefd01"));
}

TEST(Events, ids_grow_in_the_order_of_what_they_tell) {
    World w;
    w.device.register_();
    for (int i = 0; i < 5; ++i) w.enqueue(read_frame());
    w.device_wakes_and_sends("x");
    w.crash_and_restart();
    w.enqueue(read_frame());
    w.device_wakes_and_sends("y");
    w.advance(1min);
    const auto events = w.events();
    ASSERT_GT(events.size(), 6u);
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_LE(events[i - 1].at, events[i].at);
        EXPECT_LT(events[i - 1].id, events[i].id);
    }
}

}  // namespace
}  // namespace scef::flow
