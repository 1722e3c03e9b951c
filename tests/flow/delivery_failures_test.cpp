#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// Answers to the POST of a delivery that end it, or that fail an attempt (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

// ---- It will never go

class Refused : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(Refused, it_has_failed_and_the_server_hears_5_02) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.read();
    w.advance(1h);
    const auto message = w.only_message();
    EXPECT_EQ(w.heard(request), coap::codes::bad_gateway);
    EXPECT_EQ(message.state, MessageState::failed);
    EXPECT_EQ(message.reason, Reason::refused_by_scef);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), GetParam().cause));
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.on_the_air(), 0u);
    EXPECT_EQ(w.frames_charged(), 1u);
}

TEST_P(Refused, the_next_message_goes) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    w.read();
    w.settle();
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

DeliveryAnswer refused(int status) {
    const std::string number = std::to_string(status);
    return {"post.refused", number, says(status), "HTTP " + number};
}

INSTANTIATE_TEST_SUITE_P(T8, Refused,
                         testing::Values(refused(400), refused(402), refused(405), refused(406),
                                         refused(409), refused(411), refused(412), refused(414),
                                         refused(415), refused(422), refused(451), refused(499),
                                         DeliveryAnswer{"post.refused", "400_cause",
                                                        says(400, problem("MANDATORY_IE_MISSING")),
                                                        "MANDATORY_IE_MISSING"},
                                         DeliveryAnswer{"post.refused", "400_garbage",
                                                        says(400, "{\"cause\":"), "HTTP 400"},
                                         DeliveryAnswer{"post.port_unknown", "403_RDS_PORT_UNKNOWN",
                                                        says(403, problem("RDS_PORT_UNKNOWN")),
                                                        "RDS_PORT_UNKNOWN"}),
                         ByRow());

class TooLarge : public testing::TestWithParam<DeliveryAnswer> {
protected:
    static coap::Message write(Reachable& w, std::size_t octets) {
        return w.server.request(coap::codes::put, "/5/0/0",
                                [=](coap::Message& m) { m.payload = Bytes(octets, 1); });
    }
};

TEST_P(TooLarge, the_server_hears_4_13_and_the_size_is_remembered) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = write(w, 1000);
    w.settle();
    EXPECT_EQ(w.heard(request), coap::codes::request_entity_too_large);
    EXPECT_EQ(w.only_message().state, MessageState::failed);
    EXPECT_EQ(w.only_message().reason, Reason::too_large);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), GetParam().cause));
    const auto again = write(w, 1000);
    w.settle();
    EXPECT_EQ(w.heard(again), coap::codes::request_entity_too_large);
    EXPECT_EQ(w.scef.posts, 1) << "what is known to be too large is not sent";
    const auto smaller = write(w, 900);
    w.settle();
    EXPECT_EQ(w.heard(smaller), coap::codes::changed);
    EXPECT_EQ(w.on_the_air(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    T8, TooLarge,
    testing::Values(DeliveryAnswer{"post.data_too_large", "403_DATA_TOO_LARGE",
                                   says(403, problem("DATA_TOO_LARGE")), "DATA_TOO_LARGE"},
                    DeliveryAnswer{"post.too_large", "413", says(413), "HTTP 413"}),
    ByRow());

// ---- An attempt failed: 500 with a NiddDownlinkDataDeliveryFailure

std::string failure(const std::string& time = {}) {
    const std::string more =
        time.empty() ? "" : R"(,"requestedRetransmissionTime":")" + time + R"(")";
    return R"({"problemDetail":{"cause":"TEMPORARILY_NOT_REACHABLE"})" + more + "}";
}

TEST(DeliveryFailures, post_failure_500_with_a_time_waits_for_it) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 10min});
    const auto request = w.execute();
    w.advance(10min - 1s);
    const auto message = w.only_message();
    EXPECT_EQ(message.device_leg, DeviceLeg::retry_wait);
    EXPECT_EQ(message.state, MessageState::queued);
    EXPECT_EQ(message.reason, Reason::retry);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), "TEMPORARILY_NOT_REACHABLE"));
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().attempts, 2u);
    EXPECT_EQ(w.frames_charged(), 2u);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
}

class FailedWithoutTime : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(FailedWithoutTime, it_goes_again_after_one_to_two_seconds) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(1s - 1ns);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::retry_wait);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), GetParam().cause));
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().attempts, 2u);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

INSTANTIATE_TEST_SUITE_P(
    T8, FailedWithoutTime,
    testing::Values(DeliveryAnswer{"post.failure_500", "no_time", says(500, failure()),
                                   "TEMPORARILY_NOT_REACHABLE"},
                    DeliveryAnswer{"post.failure_500", "time_over",
                                   says(500, failure("2020-01-01T00:00:00Z")),
                                   "TEMPORARILY_NOT_REACHABLE"},
                    DeliveryAnswer{"post.failure_500", "no_cause",
                                   says(500, R"({"problemDetail":{}})"), "HTTP 500"}),
    ByRow());

TEST(DeliveryFailures, post_failure_500_after_the_last_attempt_is_dead) {
    auto config = always_reachable();
    config.profiles["nb-iot"].max_attempts = 3;
    config.lwm2m_servers[0].separate_response_limit = 1h;
    Reachable w(config);
    for (int i = 0; i < 4; ++i) w.scef.answers_next_delivery_with(says(500, failure()));
    const auto request = w.execute();
    w.advance(30min);
    EXPECT_EQ(w.scef.posts, 3);
    EXPECT_EQ(w.only_message().state, MessageState::dead);
    EXPECT_EQ(w.only_message().reason, Reason::attempts);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.on_the_air(), 0u);
}

TEST(DeliveryFailures, post_failure_500_with_a_time_after_the_ttl_expires) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 10min});
    const auto request = w.read_within(5min);
    w.advance(11min);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST(DeliveryFailures, D18_an_uplink_ends_the_wait_for_a_retry) {
    Reachable w;
    w.scef.answers_next_delivery_with({.status = 500, .retransmit_in = 30min});
    w.read();
    w.advance(1min);
    w.device_wakes_and_sends("awake");
    EXPECT_EQ(w.executed(), 1u);
}

// ---- The answer comes when the TTL is over

class AfterTheTtl : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(AfterTheTtl, D17_what_the_scef_did_not_take_has_expired) {
    Reachable w;
    auto fault = GetParam().fault;
    fault.delay = 10s;
    w.scef.answers_next_delivery_with(fault);
    const auto request = w.read_within(5s);
    w.advance(1h);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_EQ(w.only_message().reason, Reason::ttl);
    EXPECT_EQ(w.heard(request), coap::codes::gateway_timeout);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.on_the_air(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    T8, AfterTheTtl,
    testing::Values(DeliveryAnswer{"post.unsent",
                                   "late",
                                   {.transport = nidd::T8Answer::Transport::not_sent},
                                   ""},
                    DeliveryAnswer{"post.quota", "late", says(403, problem("QUOTA_EXCEEDED")), ""},
                    DeliveryAnswer{"post.busy", "late", says(503), ""},
                    DeliveryAnswer{"post.unauthorized", "late", says(401), ""},
                    DeliveryAnswer{"post.lost", "late", says(404), ""},
                    DeliveryAnswer{"post.too_large", "late", says(413), ""},
                    DeliveryAnswer{"post.refused", "late", says(400), ""},
                    DeliveryAnswer{"post.failure_500", "late", says(500, failure()), ""}),
    ByRow());

}  // namespace
}  // namespace scef::flow
