#include "lwm2m-core/vocabulary/log_fields.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What an answer to the POST of a delivery leads to, row by row of docs/t8-outcomes.md. Those that
/// leave a doubt have a file of their own.
namespace scef::flow {
namespace {

using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using Fault = ModelScef::Fault;
using Transport = nidd::T8Answer::Transport;

// ---- The SCEF says that it is delivered

struct DeliveredAnswer : DeliveryAnswer {
    DeliveredAnswer(const char* r, const char* n, int code, const std::string& body,
                    DeliveryLevel l)
        : DeliveryAnswer{r, n, taking_it({}), "HTTP " + std::to_string(code)}, level(l) {
        fault.change = [code, body](nidd::T8Answer& answer) { answer = http(code, body); };
    }
    DeliveryLevel level;
};

class Delivered : public testing::TestWithParam<DeliveredAnswer> {};

TEST_P(Delivered, the_devices_answer_is_waited_for) {
    Reachable w;
    w.device.answers = false;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(10s);
    const auto message = w.only_message();
    EXPECT_EQ(message.device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(message.state, MessageState::accepted);
    EXPECT_EQ(message.reason, Reason::awaiting_answer);
    EXPECT_EQ(message.level, GetParam().level);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), GetParam().cause));
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_EQ(w.heard(request), coap::Code{});
}

TEST_P(Delivered, the_devices_answer_ends_it) {
    Reachable w;
    w.device.answers_after = 3s;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(10s);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.only_message().level, DeliveryLevel::coap);
    EXPECT_EQ(w.scef.posts, 2) << "the message, and the ACK to the device's answer";
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.scef.calls[nidd::T8Request::Operation::list_deliveries], 0);
}

TEST_P(Delivered, what_wants_no_answer_is_delivered_at_once) {
    Reachable w;
    w.device.answers = false;
    w.scef.answers_next_delivery_with(GetParam().fault);
    w.server.request(coap::codes::post, "/3/0/4",
                     [](coap::Message& m) { m.type = coap::Type::non_confirmable; });
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.only_message().level, GetParam().level);
    EXPECT_TRUE(w.server.received.empty());
    EXPECT_EQ(w.frames_charged(), 1u);
    EXPECT_EQ(w.on_the_air(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    T8, Delivered,
    testing::Values(
        DeliveredAnswer("post.success_status", "200_SUCCESS", 200, status("SUCCESS"),
                        DeliveryLevel::scef),
        DeliveredAnswer("post.success_status", "200_SUCCESS_NEXT_HOP_ACKNOWLEDGED", 200,
                        status("SUCCESS_NEXT_HOP_ACKNOWLEDGED"), DeliveryLevel::next_hop),
        DeliveredAnswer("post.success_status", "200_SUCCESS_NEXT_HOP_UNACKNOWLEDGED", 200,
                        status("SUCCESS_NEXT_HOP_UNACKNOWLEDGED"), DeliveryLevel::next_hop),
        DeliveredAnswer("post.success_status", "200_SUCCESS_ACKNOWLEDGED", 200,
                        status("SUCCESS_ACKNOWLEDGED"), DeliveryLevel::device),
        DeliveredAnswer("post.success_status", "200_SUCCESS_UNACKNOWLEDGED", 200,
                        status("SUCCESS_UNACKNOWLEDGED"), DeliveryLevel::scef),
        DeliveredAnswer("post.success_status", "200_unknown_success", 200,
                        status("SUCCESS_BY_PIGEON"), DeliveryLevel::scef),
        DeliveredAnswer("post.success_status", "200_under_the_name_of_status", 200,
                        R"({"status":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})", DeliveryLevel::next_hop),
        DeliveredAnswer("post.success_status", "201_SUCCESS", 201, status("SUCCESS"),
                        DeliveryLevel::scef),
        DeliveredAnswer("post.plain_200", "no_body", 200, "", DeliveryLevel::scef),
        DeliveredAnswer("post.plain_200", "no_status", 200, R"({"data":"AA=="})",
                        DeliveryLevel::scef),
        DeliveredAnswer("post.plain_200", "garbage", 200, "<html>\xff", DeliveryLevel::scef)),
    ByRow());

// ---- The SCEF holds it

class Buffered : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(Buffered, one_copy_lies_at_the_scef_until_the_device_wakes) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(1h);
    const auto message = w.only_message();
    EXPECT_EQ(message.device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(message.state, MessageState::accepted);
    EXPECT_EQ(message.level, DeliveryLevel::scef);
    EXPECT_EQ(message.reason, Reason::none);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), GetParam().cause));
    EXPECT_TRUE(w.server.has_ack(request));
    w.device_wakes();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.frames_charged(), 1u);
}

Fault holds(int code, const std::string& text, const char* prefix = nullptr) {
    Fault fault = taking_it({});
    fault.change = [=](nidd::T8Answer& answer) {
        answer.status = code;
        answer.body = text.empty() ? "" : status(text);
        if (prefix == nullptr) return;
        answer.body = std::string(R"({"self":")") + prefix + answer.location.substr(1) +
                      R"(","deliveryStatus":")" + text + R"("})";
        answer.location.clear();
    };
    return fault;
}

INSTANTIATE_TEST_SUITE_P(
    T8, Buffered,
    testing::Values(
        DeliveryAnswer{"post.buffered", "201_Location", holds(201, ""), "HTTP 201"},
        DeliveryAnswer{"post.buffered", "201_self_only", holds(201, "BUFFERING", "/"), "HTTP 201"},
        DeliveryAnswer{"post.buffered", "201_relative_self", holds(201, "BUFFERING", ""),
                       "HTTP 201"},
        DeliveryAnswer{"post.buffered", "201_self_by_another_name_of_the_host",
                       holds(201, "BUFFERING", "https://scef.example:8443/"), "HTTP 201"},
        DeliveryAnswer{"post.buffered", "201_TRIGGERED", holds(201, "TRIGGERED"), "HTTP 201"},
        DeliveryAnswer{"post.buffered", "201_unknown_status", holds(201, "AT_THE_PIGEON"),
                       "HTTP 201"},
        DeliveryAnswer{"post.buffered", "200_BUFFERING", holds(200, "BUFFERING"), "HTTP 200"},
        DeliveryAnswer{"post.buffered", "200_BUFFERING_TEMPORARILY_NOT_REACHABLE",
                       holds(200, "BUFFERING_TEMPORARILY_NOT_REACHABLE"), "HTTP 200"},
        DeliveryAnswer{"post.buffered", "200_SENDING", holds(200, "SENDING"), "HTTP 200"}),
    ByRow());

// ---- The SCEF asks to slow down

struct ThrottlingAnswer : DeliveryAnswer {
    Duration least = 5s;  ///< how long nothing goes, plus up to a tenth
};

class Throttled : public testing::TestWithParam<ThrottlingAnswer> {};

TEST_P(Throttled, it_waits_and_that_is_no_attempt) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(2s);
    const auto message = w.only_message();
    EXPECT_EQ(message.state, MessageState::queued);
    EXPECT_EQ(message.reason, Reason::throttled);
    EXPECT_EQ(message.level, DeliveryLevel::none);
    EXPECT_EQ(message.attempts, 0u);
    EXPECT_TRUE(tells(w.timeline(message.id), GetParam().cause));
    EXPECT_TRUE(w.server.has_ack(request));
    EXPECT_EQ(w.frames_charged(), 1u);
}

TEST_P(Throttled, even_what_must_not_be_repeated_goes_again_after_the_pause) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(GetParam().least - 1ns);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(GetParam().least / 10 + 1ns);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().attempts, 1u);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

Fault asks_to_wait(const std::string& header, Transport transport = Transport::answered) {
    Fault fault;
    fault.status = 503;
    fault.transport = transport;
    const WallTime now = *from_http_date("Tue, 22 Sep 2026 13:33:20 GMT");
    fault.retry_after = *parse_retry_after(header, now);
    fault.change = [after = *fault.retry_after](nidd::T8Answer& a) { a.retry_after = after; };
    return fault;
}

INSTANTIATE_TEST_SUITE_P(
    T8, Throttled,
    testing::Values(ThrottlingAnswer{{"post.quota", "403_QUOTA_EXCEEDED",
                                      says(403, problem("QUOTA_EXCEEDED")), "QUOTA_EXCEEDED"}},
                    ThrottlingAnswer{{"post.quota", "403_RATE_EXCEEDED",
                                      says(403, problem("RATE_EXCEEDED")), "RATE_EXCEEDED"}},
                    ThrottlingAnswer{{"post.busy", "429", says(429), "HTTP 429"}},
                    ThrottlingAnswer{{"post.busy", "503", says(503), "HTTP 503"}},
                    ThrottlingAnswer{{"post.busy", "503_garbage", says(503, "<html>"), "HTTP 503"}},
                    ThrottlingAnswer{
                        {"post.busy", "503_Retry_After_seconds", asks_to_wait("30"), "HTTP 503"},
                        30s},
                    ThrottlingAnswer{{"post.busy", "503_Retry_After_date",
                                      asks_to_wait("Tue, 22 Sep 2026 13:34:00 GMT"), "HTTP 503"},
                                     40s},
                    ThrottlingAnswer{{"post.held_back", "by_the_gate",
                                      asks_to_wait("30", Transport::not_sent), "HELD_BACK"},
                                     30s}),
    ByRow());

// ---- The SCEF is out of reach, or does not let us in

TEST(DeliveryAnswers, post_unsent_a_refused_connection_pauses_the_scef_and_is_no_attempt) {
    Reachable w;
    for (int i = 0; i < 5; ++i)
        w.scef.answers_next_delivery_with({.transport = Transport::not_sent});
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::queued);
    EXPECT_EQ(w.only_message().reason, Reason::throttled);
    EXPECT_EQ(w.only_message().attempts, 0u);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), "NOT_SENT"));
    w.advance(31s);  // 1 + 2 + 4 + 8 + 16
    EXPECT_EQ(w.scef.posts, 6);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.only_message().attempts, 1u);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

class NotAuthorized : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(NotAuthorized, the_scef_pauses_for_a_minute_and_an_alarm_is_raised) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.advance(60s - 1ns);
    EXPECT_EQ(w.scef.posts, 1);
    EXPECT_EQ(w.log_lines().back().id, "SCEF_NOT_AUTHORIZED");
    EXPECT_NE(w.log_lines().back().text.find(LogFields().add("cause", GetParam().cause).text()),
              std::string::npos);
    EXPECT_EQ(w.only_message().state, MessageState::queued);
    EXPECT_EQ(w.only_message().reason, Reason::throttled);
    EXPECT_EQ(w.only_message().attempts, 0u);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), GetParam().cause));
    w.advance(1ns);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
}

INSTANTIATE_TEST_SUITE_P(
    T8, NotAuthorized,
    testing::Values(DeliveryAnswer{"post.unauthorized", "401", says(401), "HTTP 401"},
                    DeliveryAnswer{"post.unauthorized", "401_cause",
                                   says(401, problem("TOKEN_EXPIRED")), "TOKEN_EXPIRED"},
                    DeliveryAnswer{"post.forbidden", "403", says(403), "HTTP 403"},
                    DeliveryAnswer{"post.forbidden", "403_garbage", says(403, "<html>"),
                                   "HTTP 403"},
                    DeliveryAnswer{"post.forbidden", "403_unknown_cause",
                                   says(403, problem("PIGEON_MISSING")), "PIGEON_MISSING"}),
    ByRow());

class ConfigurationLost : public testing::TestWithParam<DeliveryAnswer> {};

TEST_P(ConfigurationLost, it_is_made_anew_and_the_message_goes_again) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    const auto request = w.execute();
    w.settle();
    EXPECT_EQ(w.scef.creations, 2);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.heard(request), coap::codes::changed);
    EXPECT_EQ(w.only_message().attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), GetParam().cause));
}

TEST_P(ConfigurationLost, again_and_again_it_is_made_anew_twice_a_minute_at_most) {
    Reachable w;
    for (int i = 0; i < 100; ++i) w.scef.answers_next_delivery_with(GetParam().fault);
    w.execute();
    w.advance(5min);
    EXPECT_LE(w.scef.creations, 13);
    EXPECT_GE(w.scef.creations, 10);
    EXPECT_EQ(w.only_message().state, MessageState::queued);
}

INSTANTIATE_TEST_SUITE_P(T8, ConfigurationLost,
                         testing::Values(DeliveryAnswer{"post.lost", "404", says(404), "HTTP 404"},
                                         DeliveryAnswer{"post.lost", "404_cause",
                                                        says(404, problem("RESOURCE_NOT_FOUND")),
                                                        "RESOURCE_NOT_FOUND"},
                                         DeliveryAnswer{"post.lost", "410", says(410), "HTTP 410"}),
                         ByRow());

}  // namespace
}  // namespace scef::flow
