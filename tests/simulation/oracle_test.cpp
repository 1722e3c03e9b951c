#include "tests/simulation/forgery.h"

namespace scef::simulation {
namespace {

TEST_F(Forgery, a_good_history_breaks_nothing) {
    auto message = make(1);
    queue(message);
    const auto call = post(message);
    oracle.on_told(call, Told::delivered);
    put(message, DeviceLeg::awaiting_answer, MessageState::accepted);
    commit();
    end(message, MessageState::delivered);
    commit();
    EXPECT_TRUE(oracle.verdicts.clean());
    EXPECT_EQ(oracle.ledger.open(), 0u);
}

TEST_F(Forgery, I1_a_message_that_was_promised_and_is_nowhere) {
    turn.effects.emplace_back(adapter::CommandReply{
        1, adapter::CommandDone{adapter::CommandDone::Kind::created, make(1).id, 0}, {}});
    commit();
    EXPECT_TRUE(breaks("I1"));
}

TEST_F(Forgery, I1_a_record_that_is_erased_without_an_end) {
    auto message = make(1);
    queue(message);
    turn.batch.erase(RecordKind::message, key_of(message));
    commit();
    EXPECT_TRUE(breaks("I1"));
}

TEST_F(Forgery, I1_a_message_that_ends_twice) {
    auto message = make(1);
    queue(message);
    for (int i = 0; i < 2; ++i) {
        end(message, MessageState::delivered);
        commit();
    }
    EXPECT_TRUE(breaks("I1"));
}

TEST_F(Forgery, I1_an_acknowledgement_without_a_record) {
    const auto peer = SocketAddress::ipv4(0x7f000001, 5683);
    turn.effects.emplace_back(adapter::SendDatagram{0, peer, coap::serialize(coap::make_ack(77))});
    commit();
    EXPECT_TRUE(breaks("I1"));
}

TEST_F(Forgery, I1_two_messages_of_one_idempotency_key) {
    oracle.on_enqueued("dev key", {adapter::CommandDone::Kind::created, make(1).id, 0}, moment);
    oracle.on_enqueued("dev key", {adapter::CommandDone::Kind::created, make(2).id, 0}, moment);
    EXPECT_TRUE(breaks("I1"));
}

TEST_F(Forgery, I2_a_post_after_the_ttl) {
    auto message = make(1);
    queue(message);
    pass(1h);
    post(message, 0s);
    EXPECT_TRUE(breaks("I2"));
}

TEST_F(Forgery, I2_a_POST_that_may_still_leave_when_its_TTL_is_over) {
    auto message = make(1);
    queue(message);
    call(nidd::T8Request::Operation::create_delivery, "", message, 1s, moment.now + 61min);
    EXPECT_TRUE(breaks("I2"));
}

TEST_F(Forgery, I2_more_latency_than_is_left) {
    auto message = make(1);
    queue(message);
    pass(59min);
    post(message, 61s);
    EXPECT_TRUE(breaks("I2"));
}

TEST_F(Forgery, I3_what_is_not_idempotent_goes_again_after_a_doubt) {
    auto message = make(1, coap::codes::post);
    queue(message);
    oracle.on_told(post(message), Told::doubtful);
    put(message, DeviceLeg::queued, MessageState::queued);
    commit();
    post(message);
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(Forgery, I3_is_kept_by_a_repetition_after_an_explicit_failure) {
    auto message = make(1, coap::codes::post);
    queue(message);
    oracle.on_told(post(message), Told::not_taken);
    put(message, DeviceLeg::queued, MessageState::queued);
    commit();
    post(message);
    EXPECT_FALSE(breaks("I3"));
}

TEST_F(Forgery, I3_two_repetitions_of_what_was_taken) {
    auto message = make(1);
    queue(message);
    for (int i = 0; i < 3; ++i) {
        oracle.on_told(post(message), Told::delivered);
        put(message, DeviceLeg::queued, MessageState::queued);
        commit();
    }
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(Forgery, I3_other_octets_at_the_second_time) {
    auto message = make(1);
    queue(message);
    oracle.on_told(post(message), Told::not_taken);
    put(message, DeviceLeg::queued, MessageState::queued);
    commit();
    ++message.frame.message_id;
    post(message);
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(Forgery, I3_a_crash_leaves_a_post_in_doubt) {
    auto message = make(1, coap::codes::post);
    queue(message);
    post(message);
    oracle.on_crash();
    put(message, DeviceLeg::in_doubt, MessageState::sending);
    commit();
    post(message);
    EXPECT_TRUE(breaks("I3"));
}

TEST_F(Forgery, I4_one_message_more_than_the_burst) {
    oracle.quotas.set_limits(0, {{{{60, 1h}, 2}}, {}, {}, 1});
    for (std::uint8_t i = 1; i <= 3; ++i) {
        auto message = make(i);
        queue(message);
        EXPECT_FALSE(breaks("I4"));
        post(message);
        end(message, MessageState::delivered);
        commit();
    }
    EXPECT_TRUE(breaks("I4"));
}

TEST_F(Forgery, I4_is_kept_at_the_rate) {
    oracle.quotas.set_limits(0, {{{{60, 1h}, 1}}, {}, {}, 1});
    for (int i = 0; i < 10; ++i) {
        oracle.quotas.on_post(0, 10, moment);
        pass(1min);
    }
    EXPECT_TRUE(oracle.verdicts.clean());
}

TEST_F(Forgery, I4_more_octets_than_the_hour_has) {
    oracle.quotas.set_limits(0, {{}, {{100, {}}}, {}, 1});
    oracle.quotas.on_post(0, 60, moment);
    oracle.quotas.on_post(0, 60, moment);
    EXPECT_TRUE(breaks("I4"));
}

TEST_F(Forgery, I5_a_later_message_goes_first) {
    auto first = make(1), second = make(2);
    queue(first);
    queue(second);
    post(second);
    EXPECT_TRUE(breaks("I5"));
}

TEST_F(Forgery, I5_two_requests_in_flight) {
    auto first = make(1), second = make(2);
    queue(first);
    queue(second);
    post(first);
    EXPECT_FALSE(breaks("I5"));
    post(second);
    EXPECT_TRUE(breaks("I5"));
}

TEST_F(Forgery, I5_the_next_before_the_device_had_its_time) {
    oracle.ledger.set_device_patience(0, 20s);
    auto first = make(1), second = make(2);
    queue(first);
    queue(second);
    oracle.on_told(post(first), Told::delivered);
    put(first, DeviceLeg::awaiting_answer, MessageState::accepted);
    commit();
    pass(19s);
    post(second);
    EXPECT_TRUE(breaks("I5"));
}

TEST_F(Forgery, I6_a_gauge_that_is_not_what_the_disk_has) {
    auto message = make(1);
    queue(message);
    adapter::EngineGauges gauges;
    gauges.messages_open = 1;
    gauges.bytes_open = message.octets().size();
    oracle.judge_gauges(gauges, {.messages = 1});
    EXPECT_TRUE(oracle.verdicts.clean());
    oracle.judge_gauges(gauges, {.messages = 2});
    EXPECT_TRUE(breaks("I6"));
}

TEST_F(Forgery, I9_a_message_that_is_open_for_ever) {
    oracle.judge_rest({});
    EXPECT_TRUE(oracle.verdicts.clean());
    adapter::EngineGauges gauges;
    gauges.messages_open = 1;
    oracle.judge_rest(gauges);
    EXPECT_TRUE(breaks("I9"));
}

TEST_F(Forgery, I7_a_terminal_state_that_changes) {
    auto message = make(1);
    put(message, DeviceLeg::awaiting_answer, MessageState::unconfirmed);
    commit();
    put(message, DeviceLeg::queued, MessageState::queued);
    commit();
    EXPECT_TRUE(breaks("I7"));
}

TEST_F(Forgery, I7_a_status_that_changes_two_messages) {
    auto first = make(1), second = make(2);
    for (auto* message : {&first, &second}) {
        put(*message, DeviceLeg::net_buffered, MessageState::accepted);
        commit();
    }
    end(first, MessageState::delivered);
    end(second, MessageState::delivered);
    commit(true);
    EXPECT_TRUE(breaks("I7"));
}

TEST_F(Forgery, I8_a_message_more_than_the_limit) {
    oracle.ledger.set_messages_max(1);
    auto first = make(1), second = make(2);
    queue(first);
    EXPECT_TRUE(oracle.verdicts.clean());
    queue(second);
    EXPECT_TRUE(breaks("I8"));
}

TEST_F(Forgery, I10_data_that_was_answered_204_and_lost) {
    oracle.uplinks.on_accepted("dev", UplinkCheck::Kind::data, "u1", {}, moment);
    oracle.uplinks.on_accepted("dev", UplinkCheck::Kind::data, "u2", {}, moment);
    oracle.uplinks.on_reached("u1");
    oracle.uplinks.finish();
    ASSERT_EQ(oracle.verdicts.list().size(), 1u);
    EXPECT_EQ(oracle.verdicts.list()[0].rule, "I10");
}

TEST_F(Forgery, I10_a_newer_notification_takes_the_place_of_an_older) {
    oracle.uplinks.on_accepted("dev", UplinkCheck::Kind::notification, "n1.1", {7}, moment);
    oracle.uplinks.on_accepted("dev", UplinkCheck::Kind::notification, "n1.2", {7}, moment);
    oracle.uplinks.on_reached("n1.2");
    oracle.uplinks.finish();
    EXPECT_TRUE(oracle.verdicts.clean());
}

/// The server leg, forged.
class ServerForgery : public Forgery {
protected:
    SocketAddress peer = SocketAddress::ipv4(0x7f000001, 5683);
    coap::Message request;

    void SetUp() override {
        request.code = coap::codes::get;
        request.message_id = 100;
        request.token = coap::Token{1, 2};
        oracle.exchanges.on_request(peer, 0, request, 12);
    }
    coap::Message answer(std::string_view payload) const {
        coap::Message message = coap::make_response(request, coap::codes::content);
        message.payload = to_bytes(payload);
        return message;
    }
};

TEST_F(ServerForgery, a_request_that_is_not_acknowledged_for_two_seconds) {
    oracle.exchanges.on_request_arrives(peer, 0, 100, moment.now);
    oracle.exchanges.on_time(moment.now + 2s);
    EXPECT_FALSE(breaks("2 s"));
    oracle.exchanges.on_time(moment.now + 2001ms);
    EXPECT_TRUE(breaks("2 s"));
}

TEST_F(ServerForgery, the_answer_to_a_question_is_its_own) {
    oracle.exchanges.on_datagram(peer, 0, answer("r12"), moment.now);
    EXPECT_TRUE(oracle.verdicts.clean());
    oracle.exchanges.on_datagram(peer, 0, answer("r13"), moment.now);
    EXPECT_TRUE(breaks("answers"));
}

TEST_F(ServerForgery, a_token_that_nobody_used) {
    auto message = answer("r12");
    message.token = coap::Token{9};
    oracle.exchanges.on_datagram(peer, 0, message, moment.now);
    EXPECT_TRUE(breaks("answers"));
}

TEST_F(ServerForgery, a_piggybacked_answer_with_another_message_id) {
    auto message = answer("r12");
    message.message_id = 101;
    oracle.exchanges.on_datagram(peer, 0, message, moment.now);
    EXPECT_TRUE(breaks("answers"));
}

TEST_F(Forgery, two_open_requests_of_a_device_with_one_token) {
    auto first = make(1), second = make(2);
    second.frame.token = first.frame.token;
    queue(first);
    queue(second);
    EXPECT_TRUE(breaks("tokens"));
}

}  // namespace
}  // namespace scef::simulation
