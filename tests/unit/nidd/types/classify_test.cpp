#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/t8_exchange.h"

namespace scef::nidd {
namespace {

using Kind = DeliveryOutcome::Kind;

constexpr const char* transfer_link = "/dm/configurations/c1/downlink-data-deliveries/t1";

T8Answer answered(int status, std::string body = {}, std::string location = {}) {
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.location = std::move(location);
    return answer;
}

DeliveryOutcome outcome_of(const T8Answer& answer) { return classify_delivery(answer, "c1"); }

TEST(ClassifyDelivery, answer_200_is_delivered_at_the_level_its_status_says) {
    const auto outcome =
        outcome_of(answered(200, R"({"data":"AA==","deliveryStatus":"SUCCESS_ACKNOWLEDGED"})"));

    EXPECT_EQ(outcome.kind, Kind::delivered);
    EXPECT_TRUE(outcome.status.is_confirmed_by_device());
}

TEST(ClassifyDelivery, answer_200_counts_even_if_its_body_cannot_be_read) {
    for (const char* body : {"", "<html>", "[]", R"({"data":1})", R"({"status":7})"}) {
        const auto outcome = outcome_of(answered(200, body));
        EXPECT_EQ(outcome.kind, Kind::delivered) << body;
        EXPECT_EQ(outcome.status.text, "SUCCESS") << body;
    }
}

TEST(ClassifyDelivery, answer_200_that_contradicts_itself_is_not_believed) {
    const std::string buffering =
        std::string(R"({"deliveryStatus":"BUFFERING","self":")") + transfer_link + "\"}";

    EXPECT_EQ(outcome_of(answered(200, buffering)).kind, Kind::buffered);
    EXPECT_EQ(outcome_of(answered(200, R"({"deliveryStatus":"SENDING"})")).kind, Kind::in_doubt);
    EXPECT_EQ(outcome_of(answered(200, R"({"deliveryStatus":"FAILURE"})")).kind, Kind::in_doubt);
}

TEST(ClassifyDelivery, answer_201_with_location_is_buffered) {
    const auto outcome = outcome_of(answered(
        201, R"({"deliveryStatus":"BUFFERING_TEMPORARILY_NOT_REACHABLE"})", transfer_link));

    EXPECT_EQ(outcome.kind, Kind::buffered);
    EXPECT_EQ(outcome.transfer_id, "t1");
    EXPECT_EQ(outcome.status.text, "BUFFERING_TEMPORARILY_NOT_REACHABLE");
}

TEST(ClassifyDelivery, answer_201_may_give_its_link_as_self_absolute_or_relative) {
    const std::string prefix = "http://other.host:1/3gpp-nidd/v1";
    for (const std::string& self : {std::string(transfer_link), prefix + transfer_link}) {
        const auto outcome = outcome_of(answered(201, "{\"self\":\"" + self + "\"}"));
        EXPECT_EQ(outcome.kind, Kind::buffered) << self;
        EXPECT_EQ(outcome.transfer_id, "t1") << self;
        EXPECT_EQ(outcome.status.text, "BUFFERING") << self;
    }
}

TEST(ClassifyDelivery, answer_201_that_already_succeeded_is_delivered) {
    const auto outcome =
        outcome_of(answered(201, R"({"status":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})", transfer_link));

    EXPECT_EQ(outcome.kind, Kind::delivered);
    EXPECT_TRUE(outcome.status.is_next_hop());
}

TEST(ClassifyDelivery, answer_201_without_a_usable_link_is_in_doubt) {
    for (const char* location :
         {"", "/dm/configurations/c2/downlink-data-deliveries/t1", "/dm/configurations/c1",
          "/dm/configurations/c1/downlink-data-deliveries/..", "http://u@h/x"}) {
        const auto outcome = outcome_of(answered(201, "{}", location));
        EXPECT_EQ(outcome.kind, Kind::in_doubt) << location;
        EXPECT_EQ(outcome.cause, "NO_USABLE_LINK") << location;
    }
    EXPECT_EQ(outcome_of(answered(201, "garbage")).kind, Kind::in_doubt);
    EXPECT_EQ(outcome_of(answered(201, R"({"deliveryStatus":"FAILURE"})", transfer_link)).kind,
              Kind::in_doubt);
}

TEST(ClassifyDelivery, a_500_with_a_delivery_failure_says_when_to_retry) {
    const auto outcome = outcome_of(answered(500, R"({"problemDetail":
        {"cause":"TEMPORARILY_NOT_REACHABLE"},"requestedRetransmissionTime":"2030-01-01T00:00:00Z"})"));

    EXPECT_EQ(outcome.kind, Kind::retry_later);
    EXPECT_EQ(outcome.retry_at, from_rfc3339("2030-01-01T00:00:00Z").value());
    EXPECT_EQ(outcome.cause, "TEMPORARILY_NOT_REACHABLE");
}

TEST(ClassifyDelivery, a_500_with_a_delivery_failure_needs_no_time) {
    const auto outcome = outcome_of(answered(500, R"({"problemDetail":{}})"));

    EXPECT_EQ(outcome.kind, Kind::retry_later);
    EXPECT_FALSE(outcome.retry_at);
    EXPECT_EQ(outcome.cause, "HTTP 500");
}

struct StatusRow {
    int status;
    const char* cause;
    Kind kind;
};

TEST(ClassifyDelivery, every_other_status_has_its_row) {
    for (const StatusRow& row :
         std::initializer_list<StatusRow>{{400, "", Kind::refused},
                                          {401, "", Kind::not_authorized},
                                          {403, "", Kind::not_authorized},
                                          {403, "NOT_AUTHORIZED", Kind::not_authorized},
                                          {403, "QUOTA_EXCEEDED", Kind::throttled},
                                          {403, "RATE_EXCEEDED", Kind::throttled},
                                          {403, "DATA_TOO_LARGE", Kind::too_large},
                                          {403, "RDS_PORT_UNKNOWN", Kind::refused},
                                          {404, "", Kind::configuration_lost},
                                          {411, "", Kind::refused},
                                          {413, "", Kind::too_large},
                                          {415, "", Kind::refused},
                                          {429, "", Kind::throttled},
                                          {503, "", Kind::throttled},
                                          {500, "", Kind::in_doubt},
                                          {502, "", Kind::in_doubt},
                                          {504, "", Kind::in_doubt},
                                          {307, "", Kind::in_doubt},
                                          {308, "", Kind::in_doubt},
                                          {202, "", Kind::in_doubt},
                                          {408, "", Kind::in_doubt}}) {
        const std::string cause = row.cause;
        const auto outcome = outcome_of(answered(row.status, "{\"cause\":\"" + cause + "\"}"));
        EXPECT_EQ(outcome.kind, row.kind) << row.status << ' ' << cause;
        const std::string plain = "HTTP " + std::to_string(row.status);
        EXPECT_EQ(outcome.cause, cause.empty() ? plain : cause);
    }
}

TEST(ClassifyDelivery, a_throttle_carries_retry_after) {
    T8Answer answer = answered(503);
    answer.retry_after = std::chrono::seconds(7);

    EXPECT_EQ(outcome_of(answer).retry_after, std::chrono::seconds(7));
}

TEST(ClassifyDelivery, a_cause_that_is_no_token_is_not_passed_on) {
    EXPECT_EQ(outcome_of(answered(400, R"({"cause":"a\nb"})")).cause, "HTTP 400");
}

TEST(ClassifyDelivery, transport_failures_depend_on_what_was_written) {
    T8Answer answer;
    answer.transport = T8Answer::Transport::not_sent;
    EXPECT_EQ(outcome_of(answer).kind, Kind::not_sent);
    answer.transport = T8Answer::Transport::ambiguous;
    EXPECT_EQ(outcome_of(answer).kind, Kind::in_doubt);
}

TEST(ClassifyConfiguration, a_201_gives_id_and_what_the_scef_keeps) {
    const auto outcome = classify_configuration(answered(
        201, R"({"self":"/dm/configurations/c9","maximumPacketSize":800,"status":"ACTIVE"})",
        "http://h/dm/configurations/c1"));

    EXPECT_EQ(outcome.kind, ConfigurationOutcome::Kind::created);
    EXPECT_EQ(outcome.configuration_id, "c1");
    EXPECT_EQ(outcome.configuration.maximum_packet_size, 800u);
}

TEST(ClassifyConfiguration, a_201_may_give_its_link_as_self_only) {
    const auto outcome =
        classify_configuration(answered(201, R"({"self":"/dm/configurations/c9"})"));

    EXPECT_EQ(outcome.kind, ConfigurationOutcome::Kind::created);
    EXPECT_EQ(outcome.configuration_id, "c9");
}

TEST(ClassifyConfiguration, other_answers_have_their_rows) {
    using Configured = ConfigurationOutcome::Kind;
    const auto kind = [](const T8Answer& answer) { return classify_configuration(answer).kind; };

    EXPECT_EQ(kind(answered(201, "{}")), Configured::retry);
    EXPECT_EQ(kind(answered(500)), Configured::retry);
    EXPECT_EQ(kind(answered(308)), Configured::retry);
    EXPECT_EQ(kind(T8Answer{}), Configured::retry);
    EXPECT_EQ(kind(answered(400)), Configured::refused);
    EXPECT_EQ(kind(answered(409)), Configured::refused);
    EXPECT_EQ(kind(answered(401)), Configured::not_authorized);
    EXPECT_EQ(kind(answered(403)), Configured::not_authorized);
    EXPECT_EQ(kind(answered(403, R"({"cause":"QUOTA_EXCEEDED"})")), Configured::throttled);
    EXPECT_EQ(kind(answered(503)), Configured::throttled);
}

TEST(T8Request, every_operation_has_a_name) {
    EXPECT_EQ(name_of(T8Request::Operation::create_delivery), "create_delivery");
    EXPECT_EQ(name_of(T8Request::Operation::patch_configuration), "patch_configuration");
    EXPECT_EQ(name_of(T8Request::Operation::delete_delivery), "delete_delivery");
}

}  // namespace
}  // namespace scef::nidd
