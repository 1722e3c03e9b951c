#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nidd/types/t8_exchange.h"

namespace scef::nidd {
namespace {

using testing::ElementsAre;
using Meaning = OperatorProfile::Meaning;
using Delivery = DeliveryOutcome::Kind;
using Configuration = ConfigurationOutcome::Kind;

T8Answer answered(int status, std::string body) {
    T8Answer answer;
    answer.transport = T8Answer::Transport::answered;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

TEST(OperatorProfile, four_are_built_in) {
    EXPECT_THAT(built_in_profile_names(), ElementsAre("3gpp", "3gpp-r15", "oracle", "mts"));
    for (const auto name : built_in_profile_names()) {
        ASSERT_NE(built_in_profile(name), nullptr) << name;
        EXPECT_EQ(built_in_profile(name)->name, name);
        EXPECT_EQ(built_in_profile(name)->feature_numbers.size(), feature_count) << name;
    }
    EXPECT_EQ(built_in_profile("nokia"), nullptr);
    EXPECT_EQ(standard_profile().name, "3gpp");
}

TEST(OperatorProfile, features_are_bits_of_a_hexadecimal_number) {
    const OperatorProfile& profile = standard_profile();

    EXPECT_EQ(features_text(profile, {}), "0");
    EXPECT_EQ(features_text(profile, {Feature::group_message_delivery}), "1");
    EXPECT_EQ(features_text(profile, {Feature::notification_test_event,
                                      Feature::mt_nidd_modification_cancellation}),
              "C");
    EXPECT_EQ(features_text(profile, {Feature::rds_port_verification}), "10");
    EXPECT_EQ(features_text(profile, {Feature::patch_update, Feature::group_message_delivery}),
              "81");
}

TEST(OperatorProfile, a_feature_that_the_profile_has_no_number_for_is_not_asked_for) {
    const OperatorProfile& profile = *built_in_profile("3gpp-r15");

    EXPECT_EQ(features_text(profile, {Feature::patch_update}), "0");
    EXPECT_FALSE(has_feature(profile, "FF", Feature::patch_update));
    EXPECT_TRUE(has_feature(profile, "FF", Feature::mt_nidd_modification_cancellation));
}

TEST(OperatorProfile, features_are_found_in_any_case_and_behind_zeros) {
    const OperatorProfile& profile = standard_profile();

    EXPECT_TRUE(has_feature(profile, "000c", Feature::notification_test_event));
    EXPECT_TRUE(has_feature(profile, "C", Feature::mt_nidd_modification_cancellation));
    EXPECT_FALSE(has_feature(profile, "C", Feature::rds_port_verification));
    for (const char* text : {"", "0", "x", "0xC", "C ", "-4"}) {
        EXPECT_FALSE(has_feature(profile, text, Feature::notification_test_event)) << text;
    }
}

TEST(OperatorProfile, features_without_a_name_are_named_by_number) {
    EXPECT_THAT(feature_names(standard_profile(), "104"),
                ElementsAre("Notification_test_event", "feature 9"));
    EXPECT_THAT(feature_names(*built_in_profile("3gpp-r15"), "80"), ElementsAre("feature 8"));
    EXPECT_EQ(feature_names(standard_profile(), std::string(10'000, 'F')).size(), 64u);
}

TEST(OperatorProfile, every_feature_is_spelt) {
    EXPECT_EQ(name_of(Feature::group_message_delivery), "GroupMessageDelivery");
    EXPECT_EQ(name_of(Feature::mt_nidd_modification_cancellation),
              "MT_NIDD_modification_cancellation");
    EXPECT_EQ(name_of(Feature::patch_update), "PatchUpdate");
}

struct MeaningRow {
    const char* text;
    Meaning meaning;
    Delivery delivery;
    Configuration configuration;
};

class ProfileRule : public testing::TestWithParam<MeaningRow> {};

TEST_P(ProfileRule, decides_before_the_standard) {
    const auto& [text, meaning, delivery, configuration] = GetParam();
    Meaning read{};
    ASSERT_TRUE(meaning_of(text, read));
    EXPECT_EQ(read, meaning);
    const OperatorProfile profile{"x", {{418, "TEAPOT", "", read}}, {}};
    const T8Answer answer = answered(418, R"({"cause":"TEAPOT"})");

    EXPECT_EQ(classify_delivery(answer, "c1", profile).kind, delivery);
    EXPECT_EQ(classify_configuration(answer, profile).kind, configuration);
}

INSTANTIATE_TEST_SUITE_P(
    Meanings, ProfileRule,
    testing::Values(
        MeaningRow{"throttled", Meaning::throttled, Delivery::throttled, Configuration::throttled},
        MeaningRow{"too_large", Meaning::too_large, Delivery::too_large, Configuration::refused},
        MeaningRow{"refused", Meaning::refused, Delivery::refused, Configuration::refused},
        MeaningRow{"not_authorized", Meaning::not_authorized, Delivery::not_authorized,
                   Configuration::not_authorized},
        MeaningRow{"configuration_lost", Meaning::configuration_lost, Delivery::configuration_lost,
                   Configuration::refused},
        MeaningRow{"retry_later", Meaning::retry_later, Delivery::retry_later,
                   Configuration::retry},
        MeaningRow{"in_doubt", Meaning::in_doubt, Delivery::in_doubt, Configuration::unknown},
        MeaningRow{"exists", Meaning::exists, Delivery::refused, Configuration::exists}),
    [](const auto& row) { return row.param.text; });

TEST(OperatorProfile, other_words_are_no_meaning) {
    Meaning meaning = Meaning::throttled;

    EXPECT_FALSE(meaning_of("delivered", meaning));
    EXPECT_EQ(meaning, Meaning::throttled);
}

TEST(OperatorProfile, the_first_rule_that_fits_counts) {
    const OperatorProfile profile{"x",
                                  {{403, "", "limit", Meaning::too_large},
                                   {0, "BUSY", "", Meaning::throttled},
                                   {403, "", "", Meaning::refused}},
                                  {}};
    const auto kind = [&](int status, const char* body) {
        return classify_delivery(answered(status, body), "c1", profile).kind;
    };

    EXPECT_EQ(kind(403, R"({"detail":"limit of 100","cause":"BUSY"})"), Delivery::too_large);
    EXPECT_EQ(kind(403, R"({"detail":"a limit","cause":"BUSY"})"), Delivery::throttled);
    EXPECT_EQ(kind(500, R"({"cause":"BUSY"})"), Delivery::throttled);
    EXPECT_EQ(kind(403, "{}"), Delivery::refused);
    EXPECT_EQ(kind(404, "{}"), Delivery::configuration_lost);
}

TEST(OperatorProfile, no_rule_touches_a_success) {
    const OperatorProfile profile{"x", {{0, "", "", Meaning::refused}}, {}};

    EXPECT_EQ(classify_delivery(answered(200, "{}"), "c1", profile).kind, Delivery::delivered);
    EXPECT_EQ(classify_delivery(T8Answer{}, "c1", profile).kind, Delivery::not_sent);
    EXPECT_EQ(classify_delivery(answered(308, "{}"), "c1", profile).kind, Delivery::in_doubt);
}

struct OracleRow {
    const char* name;
    int status;
    const char* detail;
    Delivery kind;
};

class OracleCode : public testing::TestWithParam<OracleRow> {};

TEST_P(OracleCode, is_known_by_the_start_of_detail) {
    const auto& [name, status, detail, kind] = GetParam();
    const std::string code = std::string("SCEF-ERR-") + std::to_string(status) + "-" + detail;
    const T8Answer answer = answered(status, R"({"detail":")" + code + R"(: some text"})");

    const auto outcome = classify_delivery(answer, "c1", *built_in_profile("oracle"));

    EXPECT_EQ(outcome.kind, kind);
    EXPECT_EQ(outcome.cause, code);
}

INSTANTIATE_TEST_SUITE_P(
    Oracle, OracleCode,
    testing::Values(OracleRow{"no_configuration_sets", 403, "100", Delivery::not_authorized},
                    OracleRow{"invalid_json", 400, "108", Delivery::refused},
                    OracleRow{"against_the_schema", 400, "109", Delivery::refused},
                    OracleRow{"no_context", 404, "110", Delivery::configuration_lost},
                    OracleRow{"no_context_as_403", 403, "110", Delivery::configuration_lost},
                    OracleRow{"too_much_data", 403, "111", Delivery::too_large},
                    OracleRow{"no_pdn_connection", 403, "115", Delivery::retry_later},
                    OracleRow{"no_pdn_connection_as_500", 500, "115", Delivery::retry_later}),
    [](const auto& row) { return row.param.name; });

TEST(OracleProfile, a_failure_in_problem_detail_keeps_its_time) {
    const auto outcome =
        classify_delivery(answered(500, R"({"problemDetail":{"detail":"SCEF-ERR-500-115: none"},
                          "requestedRetransmissionTime":"2030-01-01T00:00:00Z"})"),
                          "c1", *built_in_profile("oracle"));

    EXPECT_EQ(outcome.kind, Delivery::retry_later);
    EXPECT_TRUE(outcome.retry_at);
    EXPECT_EQ(outcome.cause, "SCEF-ERR-500-115");
}

TEST(OracleProfile, an_unknown_code_is_the_standards) {
    const auto outcome = classify_delivery(answered(403, R"({"detail":"SCEF-ERR-403-999: new"})"),
                                           "c1", *built_in_profile("oracle"));

    EXPECT_EQ(outcome.kind, Delivery::not_authorized);
    EXPECT_EQ(outcome.cause, "HTTP 403");
}

}  // namespace
}  // namespace scef::nidd
