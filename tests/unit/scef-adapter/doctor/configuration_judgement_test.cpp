#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/answers.h"

namespace scef::adapter::doctor::test {
namespace {

const WallTime now = *from_rfc3339("2030-01-01T00:00:00Z");

nidd::NiddConfiguration asked() {
    nidd::NiddConfiguration configuration;
    configuration.external_id = "a@b.example";
    configuration.notification_destination = "http://us/n";
    configuration.pdn_establishment_option = "WAIT_FOR_UE";
    configuration.supported_features = "FF";
    configuration.duration = now + std::chrono::hours(48);
    return configuration;
}

/// The parts of a 201 whose body is what was asked for with these changes.
Judged part(const std::string& step, const std::function<void(nidd::NiddConfiguration&)>& change,
            std::string location = root + "c1") {
    nidd::NiddConfiguration kept = asked();
    kept.self = root + "c1";
    kept.maximum_packet_size = 10864;
    change(kept);
    const auto parts = judge_configuration(answered(201, nidd::to_json(kept), std::move(location)),
                                           asked(), standard(), now);
    const auto found = std::find_if(parts.begin(), parts.end(),
                                    [&](const auto& one) { return one.first == step; });
    return found == parts.end() ? Judged{} : found->second;
}

TEST(Configuration, as_asked_works_in_all_parts) {
    const auto none = [](nidd::NiddConfiguration&) {};
    for (const char* step : {"location", "self", "echo", "packet size", "features", "duration"}) {
        EXPECT_EQ(part(step, none).verdict, Verdict::works) << step;
    }
    EXPECT_EQ(part("packet size", none).detail,
              "10864 bits, that is frames of at most 1358 octets");
    EXPECT_EQ(part("duration", none).detail, "2d as asked");
}

TEST(Configuration, links_that_are_missing_or_relative_deviate) {
    const auto relative = [](auto& kept) { kept.self = "/3gpp-nidd/v1/dm/configurations/c1"; };
    EXPECT_EQ(part("self", relative).verdict, Verdict::deviates);
    EXPECT_EQ(part("self", [](auto& kept) { kept.self = root + "c2"; }).verdict, Verdict::deviates);
    EXPECT_EQ(part("location", relative, "").verdict, Verdict::deviates);
    EXPECT_EQ(part("location", relative, "/else/where").verdict, Verdict::deviates);
}

TEST(Configuration, what_the_scef_changes_is_named) {
    const Judged echo =
        part("echo", [](auto& kept) { kept.pdn_establishment_option = "INDICATE_ERROR"; });
    EXPECT_EQ(echo.verdict, Verdict::deviates);
    EXPECT_NE(echo.detail.find("pdnEstablishmentOption"), std::string::npos);
    EXPECT_EQ(part("echo", [](auto& kept) { kept.status = "TERMINATED"; }).verdict,
              Verdict::deviates);
}

TEST(Configuration, a_packet_size_that_is_too_small_for_bits_is_suspicious) {
    EXPECT_EQ(part("packet size", [](auto& kept) { kept.maximum_packet_size = 1358; }).verdict,
              Verdict::deviates);
    EXPECT_EQ(part("packet size", [](auto& kept) { kept.maximum_packet_size.reset(); }).verdict,
              Verdict::lacks);
}

TEST(Configuration, features_are_named) {
    const Judged named = part("features", [](auto& kept) { kept.supported_features = "9C"; });
    EXPECT_EQ(named.detail,
              "Notification_test_event, MT_NIDD_modification_cancellation, Rds_port_verification, "
              "PatchUpdate");
    EXPECT_EQ(part("features", [](auto& kept) { kept.supported_features.reset(); }).verdict,
              Verdict::lacks);
    EXPECT_EQ(part("features", [](auto& kept) { kept.supported_features = "100"; }).verdict,
              Verdict::deviates);
}

TEST(Configuration, a_shorter_duration_works_and_a_longer_one_deviates) {
    const Judged shorter =
        part("duration", [](auto& kept) { kept.duration = now + std::chrono::hours(24); });
    EXPECT_EQ(shorter.verdict, Verdict::works);
    EXPECT_NE(shorter.detail.find("24h granted, 2d asked"), std::string::npos) << shorter.detail;
    EXPECT_EQ(
        part("duration", [](auto& kept) { kept.duration = now + std::chrono::hours(72); }).verdict,
        Verdict::deviates);
    EXPECT_EQ(part("duration", [](auto& kept) { kept.duration = now; }).verdict, Verdict::fails);
}

TEST(Configuration, a_creation_is_judged_by_its_status_and_link) {
    EXPECT_EQ(judge_creation(answered(201, "{}", root + "c1"), standard()).verdict, Verdict::works);
    EXPECT_EQ(judge_creation(answered(200, "{}", root + "c1"), standard()).verdict,
              Verdict::deviates);
    EXPECT_EQ(judge_creation(answered(201, "{}"), standard()).verdict, Verdict::deviates);
    for (const int status : {400, 401, 403, 404, 409, 429, 500, 503}) {
        EXPECT_EQ(judge_creation(problem(status, ""), standard()).verdict, Verdict::fails)
            << status;
    }
    EXPECT_NE(judge_creation(problem(409, ""), standard()).detail.find("already"),
              std::string::npos);
}

TEST(Configuration, a_second_one_may_be_made_refused_or_the_first) {
    const auto judge = [](const nidd::T8Answer& answer) {
        return judge_second_creation(answer, "c1", standard()).verdict;
    };
    EXPECT_EQ(judge(answered(201, "{}", root + "c2")), Verdict::works);
    EXPECT_EQ(judge(answered(201, "{}", root + "c1")), Verdict::deviates);
    EXPECT_EQ(judge(problem(409, "")), Verdict::lacks);
    EXPECT_EQ(judge(problem(403, "DUPLICATE")), Verdict::lacks);
    EXPECT_EQ(judge(problem(500, "")), Verdict::deviates);
}

TEST(Configuration, a_list_is_searched_for_the_new_one) {
    const std::string list = R"([{"self":")" + root + R"(c1","externalId":"a@b.example"},7])";
    EXPECT_EQ(judge_list(answered(200, list), "c1").verdict, Verdict::works);
    EXPECT_EQ(judge_list(answered(200, list), "c2").verdict, Verdict::deviates);
    EXPECT_EQ(judge_list(answered(200, "{}"), "c1").verdict, Verdict::deviates);
    EXPECT_EQ(judge_list(answered(405), "c1").verdict, Verdict::lacks);
    ASSERT_EQ(listed_in(answered(200, list)).size(), 1U);
    EXPECT_EQ(listed_in(answered(200, list))[0].external_id, "a@b.example");
}

TEST(Configuration, renewal_reading_and_the_end_are_judged) {
    EXPECT_EQ(judge_renewal(answered(204), false).verdict, Verdict::works);
    EXPECT_EQ(judge_renewal(answered(200), true).verdict, Verdict::deviates);
    EXPECT_EQ(judge_renewal(answered(501), false).verdict, Verdict::lacks);
    EXPECT_EQ(judge_renewal(answered(415), true).verdict, Verdict::deviates);
    const std::string body = R"({"self":")" + root + R"(c1"})";
    EXPECT_EQ(judge_read(answered(200, body), "c1").verdict, Verdict::works);
    EXPECT_EQ(judge_read(answered(200, body), "c2").verdict, Verdict::deviates);
    EXPECT_EQ(judge_read(answered(404), "c1").verdict, Verdict::fails);
    EXPECT_EQ(judge_deletion(answered(204)).verdict, Verdict::works);
    EXPECT_EQ(judge_deletion(answered(500)).verdict, Verdict::fails);
    EXPECT_EQ(judge_gone(answered(404)).verdict, Verdict::works);
    EXPECT_EQ(judge_gone(answered(200)).verdict, Verdict::deviates);
}

}  // namespace
}  // namespace scef::adapter::doctor::test
