#include <set>

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

class ClassifyDeliveryError : public testing::TestWithParam<StatusRow> {};

TEST_P(ClassifyDeliveryError, has_its_row) {
    const auto& [status, cause, kind] = GetParam();

    const auto outcome = outcome_of(answered(status, std::string(R"({"cause":")") + cause + "\"}"));

    EXPECT_EQ(outcome.kind, kind);
    const std::string told = cause;
    EXPECT_EQ(outcome.cause, told.empty() ? "HTTP " + std::to_string(status) : told);
    EXPECT_FALSE(outcome.held_back);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ClassifyDeliveryError,
    testing::Values(
        StatusRow{202, "", Kind::in_doubt}, StatusRow{204, "", Kind::in_doubt},
        StatusRow{302, "", Kind::in_doubt}, StatusRow{307, "", Kind::in_doubt},
        StatusRow{308, "", Kind::in_doubt}, StatusRow{400, "", Kind::refused},
        StatusRow{400, "INVALID_MSG_FORMAT", Kind::refused},
        StatusRow{401, "", Kind::not_authorized}, StatusRow{403, "", Kind::not_authorized},
        StatusRow{403, "NOT_AUTHORIZED", Kind::not_authorized},
        StatusRow{403, "QUOTA_EXCEEDED", Kind::throttled},
        StatusRow{403, "RATE_EXCEEDED", Kind::throttled},
        StatusRow{403, "DATA_TOO_LARGE", Kind::too_large},
        StatusRow{403, "RDS_PORT_UNKNOWN", Kind::refused},
        StatusRow{404, "", Kind::configuration_lost}, StatusRow{405, "", Kind::refused},
        StatusRow{406, "", Kind::refused}, StatusRow{408, "", Kind::in_doubt},
        StatusRow{409, "", Kind::refused}, StatusRow{410, "", Kind::configuration_lost},
        StatusRow{411, "", Kind::refused}, StatusRow{413, "", Kind::too_large},
        StatusRow{415, "", Kind::refused}, StatusRow{425, "", Kind::in_doubt},
        StatusRow{429, "", Kind::throttled}, StatusRow{499, "", Kind::refused},
        StatusRow{500, "", Kind::in_doubt}, StatusRow{500, "SYSTEM_FAILURE", Kind::in_doubt},
        StatusRow{501, "", Kind::in_doubt}, StatusRow{502, "", Kind::in_doubt},
        StatusRow{503, "", Kind::throttled}, StatusRow{503, "NF_CONGESTION", Kind::throttled},
        StatusRow{504, "", Kind::in_doubt}, StatusRow{599, "", Kind::in_doubt}),
    [](const auto& row) {
        const std::string cause = row.param.cause;
        return "answer_" + std::to_string(row.param.status) + (cause.empty() ? "" : "_" + cause);
    });

struct DeliveryStatusRow {
    const char* status;
    Kind after_200;  ///< without a link
    Kind after_201;  ///< with one
};

class ClassifyDeliveryStatus : public testing::TestWithParam<DeliveryStatusRow> {};

TEST_P(ClassifyDeliveryStatus, decides_with_the_http_status) {
    const auto& [status, after_200, after_201] = GetParam();
    const std::string body = std::string(R"({"deliveryStatus":")") + status + "\"}";

    const auto success = outcome_of(answered(200, body));
    const auto pending = outcome_of(answered(201, body, transfer_link));

    EXPECT_EQ(success.kind, after_200);
    EXPECT_EQ(success.status.text, status);
    EXPECT_EQ(pending.kind, after_201);
    EXPECT_EQ(pending.status.text, status);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ClassifyDeliveryStatus,
    testing::Values(
        DeliveryStatusRow{"SUCCESS", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"SUCCESS_NEXT_HOP_ACKNOWLEDGED", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"SUCCESS_NEXT_HOP_UNACKNOWLEDGED", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"SUCCESS_ACKNOWLEDGED", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"SUCCESS_UNACKNOWLEDGED", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"TRIGGERED", Kind::in_doubt, Kind::buffered},
        DeliveryStatusRow{"BUFFERING", Kind::in_doubt, Kind::buffered},
        DeliveryStatusRow{"BUFFERING_TEMPORARILY_NOT_REACHABLE", Kind::in_doubt, Kind::buffered},
        DeliveryStatusRow{"SENDING", Kind::in_doubt, Kind::buffered},
        DeliveryStatusRow{"FAILURE", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"FAILURE_RDS_DISABLED", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"FAILURE_NEXT_HOP", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"FAILURE_TIMEOUT", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"FAILURE_TEMPORARILY_NOT_REACHABLE", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"SUCCESS_OF_RELEASE_21", Kind::delivered, Kind::delivered},
        DeliveryStatusRow{"FAILURE_OF_RELEASE_21", Kind::in_doubt, Kind::in_doubt},
        DeliveryStatusRow{"OF_RELEASE_21", Kind::delivered, Kind::buffered}),
    [](const auto& row) { return row.param.status; });

TEST(ClassifyDelivery, a_call_that_the_gate_held_back_is_throttled) {
    T8Answer answer;
    answer.retry_after = std::chrono::seconds(3);

    const auto outcome = outcome_of(answer);

    EXPECT_EQ(outcome.kind, Kind::throttled);
    EXPECT_TRUE(outcome.held_back);
    EXPECT_EQ(outcome.retry_after, std::chrono::seconds(3));
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

TEST(T8Request, every_operation_has_a_name) {
    using Operation = T8Request::Operation;
    std::set<std::string_view> names;
    for (auto value = std::uint8_t{0};
         value <= static_cast<std::uint8_t>(Operation::delete_subscription); ++value) {
        const std::string_view name = name_of(static_cast<Operation>(value));
        EXPECT_NE(name, "unknown");
        EXPECT_TRUE(names.insert(name).second) << name;
    }
    EXPECT_EQ(name_of(Operation::replace_delivery), "replace_delivery");
}

}  // namespace
}  // namespace scef::nidd
