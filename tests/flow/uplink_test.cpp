#include <gtest/gtest.h>

#include "tests/flow/world.h"

namespace scef::flow {
namespace {

coap::Message observed(World& w) {
    w.device_wakes_and_sends("hello");
    const auto request = w.server.observe("/3303/0/5700");
    w.settle();
    return request;
}

TEST(Uplink, U3_a_register_is_answered_with_one_piggybacked_frame) {
    World w;
    const auto request = w.device.register_();
    w.settle();
    ASSERT_EQ(w.device.frames.size(), 1u);
    EXPECT_EQ(w.device.replies[0].type, coap::Type::acknowledgement);
    EXPECT_EQ(w.device.replies[0].message_id, request.message_id);
    EXPECT_EQ(w.device.replies[0].token, request.token);
    EXPECT_EQ(w.device.replies[0].code, coap::codes::created);
    ASSERT_TRUE(w.known().endpoints[0].registration);
    EXPECT_EQ(w.known().endpoints[0].registration->location, "/rd/5a");
    EXPECT_EQ(w.scef.verdicts.back(), 204);
}

TEST(Uplink, a_device_with_nothing_open_is_packed_and_the_same_when_it_is_needed) {
    World w;
    observed(w);
    w.advance(1s);
    EXPECT_TRUE(w.engine().busy_devices(0, 10).empty());
    EXPECT_EQ(w.known().observations.size(), 1u);
    EXPECT_EQ(w.known().reachable_until, w.now() + 19s);
    EXPECT_EQ(w.known().nidd.status, adapter::NiddLink::Status::active);
    w.device.notify(w.device.requests.back().token, 2, "22.5", coap::Type::confirmable);
    EXPECT_EQ(w.engine().busy_devices(0, 10).size(), 0u) << "its frame is still in the network";
    const std::size_t before = w.server.received.size();
    w.settle();
    EXPECT_EQ(w.server.received.size(), before + 1);
}

TEST(Uplink, U3_a_slow_server_gets_its_time_and_the_device_an_empty_ack_first) {
    World w;
    w.server.answers_after = 20s;
    const auto request = w.device.register_();
    w.advance(8s);
    ASSERT_EQ(w.device.replies.size(), 1u);
    EXPECT_TRUE(w.device.replies[0].code.is_empty());
    w.advance(20s);
    ASSERT_EQ(w.device.replies.size(), 2u);
    EXPECT_EQ(w.device.replies[1].type, coap::Type::confirmable);
    EXPECT_EQ(w.device.replies[1].token, request.token);
    w.advance(120s);
    EXPECT_EQ(w.engine().gauges(w.wall()).messages_open, 0u);
    for (const auto& [end, count] : w.engine().counters().scefs.at(0).ended) {
        EXPECT_NE(end.state, queueing::MessageState::unconfirmed) << count;
    }
}

TEST(Uplink, U4_a_register_to_a_dead_server_is_not_answered_at_all) {
    World w;
    w.server.is_down = true;
    w.device.register_();
    w.advance(120s);
    EXPECT_TRUE(w.device.frames.empty());
    EXPECT_EQ(w.engine().gauges(w.wall()).uplinks_open, 0u);
    EXPECT_EQ(w.engine().counters().uplinks_unanswered, 1u);
}

TEST(Uplink, U4_a_send_waits_until_the_server_is_back) {
    World w;
    w.server.is_down = true;
    w.device.data("42");
    w.advance(20min);
    EXPECT_EQ(w.engine().gauges(w.wall()).uplinks_open, 1u);
    w.server.is_down = false;
    w.advance(11min);
    EXPECT_EQ(w.server.from_device().size(), 1u);
    EXPECT_EQ(w.engine().gauges(w.wall()).uplinks_open, 0u);
}

TEST(Uplink, U4_any_word_of_the_server_ends_the_wait) {
    World w;
    w.server.is_down = true;
    w.device.data("42");
    w.advance(1h);  // by now ten minutes between two rounds of copies
    for (std::uint64_t copies = 0; copies != w.engine().counters().server_copies;) {
        copies = w.engine().counters().server_copies;
        w.advance(50s);  // longer than between two copies of a round
    }
    w.server.is_down = false;
    w.server.get("/3/0/0");
    w.settle();
    EXPECT_EQ(w.engine().gauges(w.wall()).uplinks_open, 0u);
}

TEST(Uplink, U1_a_copy_after_the_answer_gets_the_same_frame_again_and_the_server_nothing) {
    World w;
    const auto request = w.device.register_();
    w.settle();
    const auto before = w.server.received.size();
    w.device.send(request);
    w.settle();
    ASSERT_EQ(w.device.frames.size(), 2u);
    EXPECT_EQ(w.device.frames[0], w.device.frames[1]);
    EXPECT_EQ(w.server.received.size(), before);
}

TEST(Uplink, U1_a_copy_after_a_separate_answer_gets_it_with_the_same_message_id) {
    World w;
    w.server.answers_after = 20s;
    w.device.acknowledges = false;
    const auto request = w.device.register_();
    w.advance(29s);
    const Bytes answer = w.device.frames.back();
    w.advance(100s);
    w.device.send(request);
    w.settle();
    EXPECT_EQ(w.device.frames.back(), answer);
}

TEST(Uplink, U2_a_copy_before_the_answer_is_dropped) {
    World w;
    w.server.answers_requests = false;
    const auto request = w.device.register_();
    w.advance(1s);
    w.device.send(request);
    w.settle();
    EXPECT_EQ(w.server.from_device().size(), 1u);
    EXPECT_TRUE(w.device.frames.empty());
    EXPECT_EQ(w.engine().counters().uplink_duplicates, 1u);
}

TEST(Uplink, the_same_message_id_with_other_bytes_is_a_new_request_after_a_reboot) {
    World w;
    auto request = w.device.data("1");
    w.settle();
    request.payload = to_bytes("2");
    w.device.send(request);
    w.settle();
    EXPECT_EQ(w.server.from_device().size(), 2u);
}

TEST(Uplink, U6_two_notifications_reach_the_server_and_are_acknowledged_to_the_device) {
    World w;
    const auto request = observed(w);
    const auto token = w.device.requests[0].token;
    w.device.notify(token, 2, "24.0");
    w.settle();
    w.device.notify(token, 3, "25.0");
    w.settle();
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 3u);
    EXPECT_EQ(responses[1].payload, to_bytes("24.0"));
    EXPECT_EQ(responses[2].payload, to_bytes("25.0"));
    EXPECT_EQ(w.device.replies.back().type, coap::Type::acknowledgement);
}

TEST(Uplink, U8_a_reset_of_a_notification_ends_the_observation_at_the_device) {
    World w;
    observed(w);
    w.server.resets_notifications = true;
    const auto sent = w.device.notify(w.device.requests[0].token, 2, "24.0");
    w.settle();
    EXPECT_EQ(w.device.replies.back().type, coap::Type::reset);
    EXPECT_EQ(w.device.replies.back().message_id, sent.message_id);
    EXPECT_TRUE(w.known().observations.empty());
}

TEST(Uplink, U7_an_older_notification_never_follows_a_newer_one) {
    World w;
    const auto request = observed(w);
    const auto token = w.device.requests[0].token;
    w.server.is_down = true;
    w.device.notify(token, 2, "old");
    w.advance(30s);
    w.device.notify(token, 3, "new");
    w.advance(90s);
    w.server.is_down = false;
    w.advance(1h);
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 2u);
    EXPECT_EQ(responses[1].payload, to_bytes("new"));
}

/// RFC 7641 3.4 compares times, too: those of a clock that nobody sets.
TEST(Uplink, U7_a_clock_that_is_set_does_not_make_an_older_notification_the_newer_one) {
    World w;
    const auto request = observed(w);
    const auto token = w.device.requests[0].token;
    w.server.is_down = true;
    w.device.notify(token, 3, "new");
    w.advance(10s);
    w.set_wall(1h);
    w.device.notify(token, 2, "old, late on the air");
    w.advance(10min);
    w.server.is_down = false;
    w.advance(1h);
    const auto responses = w.server.responses_to(request);
    ASSERT_EQ(responses.size(), 2u);
    EXPECT_EQ(responses[1].payload, to_bytes("new"));
}

TEST(Uplink, a_non_notification_needs_no_frame_back) {
    World w;
    observed(w);
    const auto before = w.device.frames.size();
    w.device.notify(w.device.requests[0].token, 2, "24.0", coap::Type::non_confirmable);
    w.settle();
    EXPECT_EQ(w.device.frames.size(), before);
}

TEST(Uplink, U9_an_answer_for_which_the_device_no_longer_waits_is_saved) {
    World w;
    w.server.is_down = true;
    w.device.data("42");
    w.advance(5min);
    const auto before = w.device.frames.size();
    w.server.is_down = false;
    w.advance(11min);
    EXPECT_EQ(w.device.frames.size(), before);
    EXPECT_EQ(w.engine().counters().stale_answers, 1u);
}

TEST(Uplink, U10_another_endpoint_name_is_refused_and_logged) {
    World w;
    w.device.register_();
    w.settle();
    const auto before = w.server.received.size();
    w.device.register_({"ep=evil", "lt=300", "lwm2m=1.1", "b=N"});
    w.settle();
    EXPECT_EQ(w.device.replies.back().code, coap::codes::bad_request);
    EXPECT_EQ(w.server.received.size(), before);
    ASSERT_FALSE(w.log_lines().empty());
    EXPECT_EQ(w.log_lines().back().id, "ENDPOINT_NAME_MISMATCH");
}

TEST(Uplink, U11_an_answer_to_nothing_is_counted_and_dropped) {
    World w;
    coap::Message stray;
    stray.type = coap::Type::acknowledgement;
    stray.code = coap::codes::content;
    stray.message_id = 4242;
    stray.token = coap::Token{7};
    w.device.send(stray);
    w.settle();
    EXPECT_EQ(w.engine().counters().uplink_unmatched, 1u);
    EXPECT_TRUE(w.server.received.empty());
    EXPECT_TRUE(w.device.frames.empty());
}

TEST(Uplink, U12_a_malformed_confirmable_frame_is_reset_and_a_non_is_dropped) {
    World w;
    w.device.send_octets(from_hex("49011234"));
    w.device.send_octets(from_hex("59011236"));
    w.settle();
    ASSERT_EQ(w.device.replies.size(), 1u);
    EXPECT_EQ(w.device.replies[0].type, coap::Type::reset);
    EXPECT_EQ(w.engine().counters().uplink_malformed, 2u);
}

TEST(Uplink, U12_a_frame_without_octets_is_counted_and_goes_no_further) {
    World w;
    w.device.send_octets({});
    w.settle();
    EXPECT_TRUE(w.server.received.empty());
    EXPECT_TRUE(w.device.frames.empty());
    EXPECT_EQ(w.engine().counters().uplink_malformed, 1u);
}

TEST(Uplink, U14_binding_rewrite_udp_hides_n_and_q_from_the_server) {
    auto config = flow_config();
    config.lwm2m_servers[0].binding_rewrite = adapter::BindingRewrite::udp;
    World w(config);
    w.device.register_({"ep=dev1", "lwm2m=1.1", "b=N", "Q"});
    w.settle();
    const auto seen = w.server.from_device().at(0);
    EXPECT_EQ(seen.query("b"), "U");
    EXPECT_FALSE(seen.query("Q"));
}

TEST(Uplink, U14_strip_q_keeps_the_binding) {
    auto config = flow_config();
    config.lwm2m_servers[0].binding_rewrite = adapter::BindingRewrite::strip_q;
    World w(config);
    w.device.register_({"ep=dev1", "lwm2m=1.1", "b=N", "Q"});
    w.settle();
    EXPECT_EQ(w.server.from_device().at(0).query("b"), "N");
    EXPECT_FALSE(w.server.from_device().at(0).query("Q"));
}

TEST(Uplink, D21_a_deregister_purges_the_queue_and_opens_no_window) {
    World w;
    w.device.register_();
    w.advance(1min);
    const auto request = w.server.get("/3/0/0");
    w.advance(5s);
    w.server.answers_after = 15s;
    w.device.deregister();
    w.advance(60s);
    EXPECT_EQ(w.executed(), 0u);
    EXPECT_EQ(w.only_message().state, queueing::MessageState::canceled);
    EXPECT_EQ(w.only_message().reason, queueing::Reason::deregistered);
    ASSERT_EQ(w.server.responses_to(request).size(), 1u);
    EXPECT_FALSE(w.known().endpoints[0].registration);
}

TEST(Uplink, D18_while_a_request_of_the_device_is_open_the_window_belongs_to_its_answer) {
    World w;
    w.server.get("/3/0/0");
    w.advance(2s);
    w.server.answers_after = 3s;
    w.device.data("1");
    w.advance(2s);
    EXPECT_TRUE(w.device.frames.empty());
    w.advance(2s);
    ASSERT_GE(w.device.frames.size(), 2u);
    EXPECT_TRUE(coap::parse(w.device.frames[0])->code.is_response());
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Uplink, D18_what_waits_follows_the_answer_that_the_scef_has_taken) {
    World w;
    w.server.get("/3/0/0");
    w.advance(2s);
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 2s});
    w.device.data("1");
    w.advance(1s);
    EXPECT_EQ(w.scef.posts, 1);  // the answer alone: two open POSTs might overtake each other
    w.advance(2s);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Uplink, D18_a_scef_that_does_not_answer_holds_the_rest_for_eight_seconds_at_most) {
    World w;
    w.server.get("/3/0/0");
    w.advance(2s);
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 50s});
    w.device.data("1");
    w.advance(7s);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(2s);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(Uplink, D26_a_response_that_is_too_large_for_the_device_becomes_5_00) {
    World w;
    w.server.answer_payload = Bytes(2000, 'x');
    w.device.data("1");
    w.settle();
    ASSERT_EQ(w.device.replies.size(), 1u);
    EXPECT_EQ(w.device.replies[0].code, coap::codes::internal_server_error);
    EXPECT_EQ(w.log_lines().back().id, "RESPONSE_TOO_LARGE");
}

TEST(Uplink, bootstrap_requests_go_to_the_bootstrap_server) {
    World w;
    w.device.send(w.device.make_request(coap::codes::post, "bs", {"ep=dev1"}));
    w.settle();
    EXPECT_EQ(w.bootstrap.from_device().size(), 1u);
    EXPECT_TRUE(w.server.received.empty());
    EXPECT_EQ(w.device.replies.size(), 1u);
}

TEST(Uplink, observations_survive_a_restart) {
    World w;
    const auto request = observed(w);
    w.crash_and_restart();
    w.device.notify(w.device.requests[0].token, 2, "24.0");
    w.settle();
    EXPECT_EQ(w.server.responses_to(request).back().payload, to_bytes("24.0"));
}

TEST(Uplink, an_idle_device_keeps_no_activity) {
    World w;
    w.device.register_();
    w.advance(5min);
    EXPECT_EQ(w.known().activity, nullptr);
}

}  // namespace
}  // namespace scef::flow
