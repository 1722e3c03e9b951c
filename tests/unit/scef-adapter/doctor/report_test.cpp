#include <algorithm>

#include <gtest/gtest.h>

#include "scef-adapter/doctor/report_json.h"
#include "scef-adapter/doctor/traits.h"

namespace scef::adapter::doctor::test {
namespace {

std::string_view has(const std::vector<Finding>& findings, std::string_view feature) {
    for (const Feature& one : features_of(findings)) {
        if (one.name == feature) return one.has;
    }
    return "?";
}

std::vector<Advice> advice(const std::vector<Finding>& findings, const Traits& traits) {
    return advice_for({}, "http://us", findings, traits);
}

std::string value(const std::vector<Advice>& advice, const std::string& key) {
    const auto found = std::find_if(advice.begin(), advice.end(),
                                    [&](const Advice& one) { return one.key == key; });
    return found == advice.end() ? "" : found->value;
}

TEST(Features, are_there_if_all_steps_that_show_them_work) {
    const std::string_view feature = "buffered deliveries are shown";
    std::vector<Finding> findings{{"read delivery", Verdict::works, "", {}}};
    EXPECT_EQ(has(findings, feature), "yes");
    findings.push_back({"list deliveries", Verdict::skipped, "", {}});
    EXPECT_EQ(has(findings, feature), "yes");
    findings.push_back({"list deliveries", Verdict::deviates, "", {}});
    EXPECT_EQ(has(findings, feature), "deviates");
    findings.push_back({"list deliveries", Verdict::lacks, "", {}});
    EXPECT_EQ(has(findings, feature), "no");
    EXPECT_EQ(has({}, feature), "unknown");
}

TEST(AdviceFor, the_profile_follows_from_the_habits) {
    Traits traits;
    EXPECT_EQ(value(advice({}, traits), "scefs[].profile"), "3gpp");
    traits.status_member = true;
    EXPECT_EQ(value(advice({}, traits), "scefs[].profile"), "mts");
    traits.coded_errors = true;
    EXPECT_EQ(value(advice({}, traits), "scefs[].profile"), "oracle");
    EXPECT_EQ(value(advice({{"test notification", Verdict::lacks, "", {}},
                            {"rds ports", Verdict::lacks, "", {}}},
                           {}),
                    "scefs[].profile"),
              "3gpp-r15");
}

TEST(AdviceFor, sizes_durations_and_buffering_become_keys) {
    Traits traits;
    traits.packet_bits = 800;
    traits.granted = std::chrono::hours(7 * 24);
    const auto given = advice({{"deliver later", Verdict::lacks, "", {}}}, traits);
    EXPECT_EQ(value(given, "scefs[].configuration.duration"), "7d");
    EXPECT_EQ(value(given, "scefs[].configuration.pdn_establishment_option"), "INDICATE_ERROR");
    EXPECT_EQ(value(given, "block size of the LwM2M server"), "32");
    EXPECT_EQ(value(given, "notifications.public_url"), "http://us");
}

TEST(Traits, are_learned_from_answers) {
    Traits traits;
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = 201;
    answer.body = R"({"self":"/3gpp-nidd/v1/x","status":"ACTIVE"})";
    traits.learn({nidd::T8Request::Operation::create_configuration}, answer);
    EXPECT_TRUE(traits.relative_links);
    EXPECT_FALSE(traits.status_member) << "a configuration has a status by right";
    traits.learn({nidd::T8Request::Operation::create_delivery}, answer);
    EXPECT_TRUE(traits.status_member);
    answer.status = 404;
    answer.body = R"({"detail":"SCEF-ERR-404-110: gone"})";
    traits.learn({nidd::T8Request::Operation::create_delivery}, answer);
    EXPECT_TRUE(traits.coded_errors);
}

TEST(ReportJson, has_its_summary_when_it_has_ended) {
    Report report;
    report.findings.push_back({"reach", Verdict::fails, "no", std::chrono::milliseconds(5)});
    EXPECT_TRUE(report_json(report)["summary"].is_null());
    report.running = false;
    const auto document = report_json(report);
    EXPECT_EQ(document["summary"]["fails"], 1);
    EXPECT_EQ(document["findings"][0]["verdict"], "fails");
    EXPECT_EQ(document["findings"][0]["milliseconds"], 5);
}

}  // namespace
}  // namespace scef::adapter::doctor::test
