#include <gtest/gtest.h>

#include "nidd/types/t8_exchange.h"

namespace scef::nidd {
namespace {

using Kind = ConfigurationOutcome::Kind;

T8Answer answered(int status, std::string body = {}, std::string location = {}) {
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    answer.location = std::move(location);
    return answer;
}

T8Answer without_answer(T8Answer::Transport transport) {
    T8Answer answer;
    answer.transport = transport;
    return answer;
}

TEST(ClassifyConfiguration, a_201_gives_id_and_what_the_scef_keeps) {
    const auto outcome = classify_configuration(answered(
        201, R"({"self":"/dm/configurations/c9","maximumPacketSize":800,"status":"ACTIVE"})",
        "http://h/dm/configurations/c1"));

    EXPECT_EQ(outcome.kind, Kind::created);
    EXPECT_EQ(outcome.configuration_id, "c1");
    EXPECT_EQ(outcome.configuration.maximum_packet_size, 800u);
}

TEST(ClassifyConfiguration, a_201_may_give_its_link_as_self_only) {
    const auto outcome =
        classify_configuration(answered(201, R"({"self":"/dm/configurations/c9"})"));

    EXPECT_EQ(outcome.kind, Kind::created);
    EXPECT_EQ(outcome.configuration_id, "c9");
}

struct Row {
    int status;
    const char* cause;
    Kind kind;
};

std::string name_of_row(const testing::TestParamInfo<Row>& row) {
    const std::string cause = row.param.cause;
    return "answer_" + std::to_string(row.param.status) + (cause.empty() ? "" : "_" + cause);
}

class ClassifyConfigurationError : public testing::TestWithParam<Row> {};

TEST_P(ClassifyConfigurationError, has_its_row) {
    const auto& [status, cause, kind] = GetParam();

    const auto outcome =
        classify_configuration(answered(status, std::string(R"({"cause":")") + cause + "\"}"));

    EXPECT_EQ(outcome.kind, kind);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ClassifyConfigurationError,
    testing::Values(
        Row{307, "", Kind::retry}, Row{308, "", Kind::retry}, Row{400, "", Kind::refused},
        Row{401, "", Kind::not_authorized}, Row{403, "", Kind::not_authorized},
        Row{403, "QUOTA_EXCEEDED", Kind::throttled}, Row{403, "RATE_EXCEEDED", Kind::throttled},
        Row{403, "DUPLICATE_CONFIGURATION", Kind::exists},
        Row{403, "CONFIGURATION_ALREADY_EXISTS", Kind::exists}, Row{404, "", Kind::refused},
        Row{408, "", Kind::retry}, Row{409, "", Kind::exists}, Row{411, "", Kind::refused},
        Row{413, "", Kind::refused}, Row{415, "", Kind::refused}, Row{425, "", Kind::retry},
        Row{429, "", Kind::throttled}, Row{500, "", Kind::retry}, Row{502, "", Kind::unknown},
        Row{503, "", Kind::throttled}, Row{504, "", Kind::unknown}),
    name_of_row);

TEST(ClassifyConfiguration, a_success_without_a_usable_link_is_unknown) {
    for (const char* location : {"", "/a/configurations/..", "/a/subscriptions/s"}) {
        const auto outcome = classify_configuration(answered(201, "{}", location));
        EXPECT_EQ(outcome.kind, Kind::unknown) << location;
        EXPECT_EQ(outcome.cause, "NO_USABLE_LINK") << location;
    }
}

TEST(ClassifyConfiguration, what_was_not_sent_is_not_there_and_what_was_not_answered_may_be) {
    const auto unsent = classify_configuration(without_answer(T8Answer::Transport::not_sent));
    const auto unanswered = classify_configuration(without_answer(T8Answer::Transport::ambiguous));

    EXPECT_EQ(unsent.kind, Kind::retry);
    EXPECT_EQ(unanswered.kind, Kind::unknown);
}

TEST(ClassifyConfiguration, a_throttle_of_either_side_carries_retry_after) {
    T8Answer answer = answered(429);
    answer.retry_after = std::chrono::seconds(7);
    T8Answer held_back;
    held_back.retry_after = std::chrono::seconds(9);

    EXPECT_EQ(classify_configuration(answer).retry_after, std::chrono::seconds(7));
    EXPECT_EQ(classify_configuration(held_back).kind, Kind::throttled);
    EXPECT_EQ(classify_configuration(held_back).retry_after, std::chrono::seconds(9));
}

using Resource = ResourceOutcome::Kind;

TEST(ClassifyResource, a_201_gives_the_id_in_location_or_self) {
    const auto trigger = classify_resource(
        answered(201, "{}", "http://h/3gpp-device-triggering/v1/dm/transactions/t-1"));
    const auto subscription = classify_resource(
        answered(201, R"({"self":"/3gpp-monitoring-event/v1/dm/subscriptions/s-1"})"));

    EXPECT_EQ(trigger.kind, Resource::created);
    EXPECT_EQ(trigger.resource_id, "t-1");
    EXPECT_EQ(subscription.kind, Resource::created);
    EXPECT_EQ(subscription.resource_id, "s-1");
}

TEST(ClassifyResource, a_200_is_an_immediate_report_without_a_resource) {
    const auto outcome =
        classify_resource(answered(200, R"({"monitoringType":"UE_REACHABILITY"})"));

    EXPECT_EQ(outcome.kind, Resource::created);
    EXPECT_EQ(outcome.resource_id, "");
    EXPECT_EQ(outcome.body, R"({"monitoringType":"UE_REACHABILITY"})");
}

struct ResourceRow {
    int status;
    const char* cause;
    Resource kind;
};

class ClassifyResourceError : public testing::TestWithParam<ResourceRow> {};

TEST_P(ClassifyResourceError, has_its_row) {
    const auto& [status, cause, kind] = GetParam();

    const auto outcome =
        classify_resource(answered(status, std::string(R"({"cause":")") + cause + "\"}"));

    EXPECT_EQ(outcome.kind, kind);
}

INSTANTIATE_TEST_SUITE_P(
    T8, ClassifyResourceError,
    testing::Values(ResourceRow{308, "", Resource::retry}, ResourceRow{400, "", Resource::refused},
                    ResourceRow{401, "", Resource::refused},
                    ResourceRow{403, "", Resource::refused},
                    ResourceRow{403, "QUOTA_EXCEEDED", Resource::throttled},
                    ResourceRow{404, "", Resource::refused}, ResourceRow{408, "", Resource::retry},
                    ResourceRow{429, "", Resource::throttled},
                    ResourceRow{500, "", Resource::retry},
                    ResourceRow{503, "", Resource::throttled}),
    [](const auto& row) {
        const std::string cause = row.param.cause;
        return "answer_" + std::to_string(row.param.status) + (cause.empty() ? "" : "_" + cause);
    });

TEST(ClassifyResource, what_was_not_answered_is_tried_again) {
    T8Answer held_back;
    held_back.retry_after = std::chrono::seconds(2);

    EXPECT_EQ(classify_resource(without_answer(T8Answer::Transport::not_sent)).kind,
              Resource::retry);
    EXPECT_EQ(classify_resource(without_answer(T8Answer::Transport::ambiguous)).kind,
              Resource::retry);
    EXPECT_EQ(classify_resource(held_back).kind, Resource::throttled);
    EXPECT_EQ(classify_resource(held_back).retry_after, std::chrono::seconds(2));
}

struct ReplacementRow {
    const char* name;
    int status;
    const char* body;
    ReplacementOutcome::Kind kind;
};

class ClassifyReplacement : public testing::TestWithParam<ReplacementRow> {};

TEST_P(ClassifyReplacement, has_its_row) {
    const auto& [name, status, body, kind] = GetParam();

    EXPECT_EQ(classify_replacement(answered(status, body)).kind, kind);
}

using Replaced = ReplacementOutcome::Kind;

INSTANTIATE_TEST_SUITE_P(
    T8, ClassifyReplacement,
    testing::Values(ReplacementRow{"answer_204", 204, "", Replaced::replaced},
                    ReplacementRow{"answer_200_BUFFERING", 200, R"({"deliveryStatus":"BUFFERING"})",
                                   Replaced::replaced},
                    ReplacementRow{"answer_200_SUCCESS", 200, R"({"deliveryStatus":"SUCCESS"})",
                                   Replaced::delivered},
                    ReplacementRow{"answer_200_FAILURE", 200, R"({"deliveryStatus":"FAILURE"})",
                                   Replaced::unknown},
                    ReplacementRow{"answer_409", 409, R"({"cause":"SENDING"})", Replaced::too_late},
                    ReplacementRow{"answer_404", 404, R"({"cause":"ALREADY_DELIVERED"})",
                                   Replaced::gone},
                    ReplacementRow{"answer_400", 400, "", Replaced::refused},
                    ReplacementRow{"answer_401", 401, "", Replaced::refused},
                    ReplacementRow{"answer_403_DATA_TOO_LARGE", 403,
                                   R"({"cause":"DATA_TOO_LARGE"})", Replaced::refused},
                    ReplacementRow{"answer_429", 429, "", Replaced::not_sent},
                    ReplacementRow{"answer_500", 500, "", Replaced::unknown},
                    ReplacementRow{"answer_500_with_a_failure", 500, R"({"problemDetail":{}})",
                                   Replaced::refused},
                    ReplacementRow{"answer_502", 502, "", Replaced::unknown},
                    ReplacementRow{"answer_307", 307, "", Replaced::unknown}),
    [](const auto& row) { return row.param.name; });

TEST(ClassifyReplacement, without_an_answer_it_depends_on_what_was_written) {
    EXPECT_EQ(classify_replacement(without_answer(T8Answer::Transport::not_sent)).kind,
              Replaced::not_sent);
    EXPECT_EQ(classify_replacement(without_answer(T8Answer::Transport::ambiguous)).kind,
              Replaced::unknown);
}

}  // namespace
}  // namespace scef::nidd
