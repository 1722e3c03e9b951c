#include "tests/simulation/oracle.h"

#include <gtest/gtest.h>

#include "nidd/types/t8_json.h"
#include "queueing/record.h"

namespace scef::simulation {
namespace {

using namespace std::chrono_literals;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::RecordKind;

/// A history made by hand: turns of records and effects, as an adapter would leave them.
class Forgery : public ::testing::Test {
protected:
    Oracle oracle;
    Moment moment{Instant{Duration(1h)}, WallTime{std::chrono::seconds(1'790'000'000)}};
    adapter::Effects turn;
    std::uint16_t timeline_length = 0;
    adapter::OperationId operation = 1;

    void pass(Duration time) {
        moment.now += time;
        moment.wall += time;
    }
    queueing::Message make(std::uint8_t number, coap::Code code = coap::codes::get) const {
        queueing::Message message;
        std::array<std::uint8_t, 16> octets{};
        octets[6] = 0x70;
        octets[8] = 0x80;
        octets[15] = number;
        message.id = MessageId::from_octets(octets);
        message.frame.code = code;
        message.frame.message_id = number;
        message.frame.token = coap::Token{number};
        message.created_at = moment.wall;
        message.expires_at = moment.wall + 1h;
        message.server.state = queueing::ServerLeg::none;
        return message;
    }
    static Bytes key_of(const queueing::Message& message) {
        return {message.id.octets().begin(), message.id.octets().end()};
    }
    void timeline(const queueing::Message& message) {
        turn.batch.put(
            RecordKind::timeline,
            queueing::RecordWriter().raw(message.id.octets()).number(timeline_length++).take(),
            queueing::RecordWriter(1)
                .time(moment.wall)
                .number(message.state)
                .number(message.device_leg)
                .take());
    }
    void put(queueing::Message& message, DeviceLeg leg, MessageState state) {
        message.device_leg = leg;
        message.state = state;
        turn.batch.put(RecordKind::message, key_of(message), to_record(message));
        timeline(message);
    }
    void end(queueing::Message& message, MessageState state) {
        message.device_leg = DeviceLeg::done;
        message.state = state;
        turn.batch.erase(RecordKind::message, key_of(message));
        turn.batch.put(RecordKind::final_message, key_of(message), to_record(message));
        timeline(message);
    }
    void queue(queueing::Message& message) {
        put(message, DeviceLeg::queued, MessageState::queued);
        commit();
    }
    adapter::OperationId post(queueing::Message& message, Duration latency = 1s) {
        put(message, DeviceLeg::submitting, MessageState::sending);
        nidd::NiddDownlinkDataTransfer transfer;
        transfer.external_id = "dev@sim";
        transfer.data = message.octets();
        transfer.maximum_latency = static_cast<std::uint32_t>(latency / 1s);
        turn.effects.emplace_back(adapter::CallT8{
            operation,
            0,
            {nidd::T8Request::Operation::create_delivery, "c1", "", nidd::to_json(transfer)}});
        commit();
        return operation++;
    }
    void commit(bool is_status_turn = false) {
        oracle.on_commit(turn, moment, is_status_turn);
        turn = {};
    }
    bool breaks(std::string_view rule) const { return oracle.verdicts.names(rule); }
};

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
    oracle.quotas.set_limits(0, {quota::Rate{60, 1h}, 2, {}});
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
    oracle.quotas.set_limits(0, {quota::Rate{60, 1h}, 1, {}});
    for (int i = 0; i < 10; ++i) {
        oracle.quotas.on_post(0, 10, moment);
        pass(1min);
    }
    EXPECT_TRUE(oracle.verdicts.clean());
}

TEST_F(Forgery, I4_more_octets_than_the_hour_has) {
    oracle.quotas.set_limits(0, {{}, 1, quota::Rate{100, 1h}});
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
