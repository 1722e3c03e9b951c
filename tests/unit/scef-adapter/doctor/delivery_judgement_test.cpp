#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/answers.h"

namespace scef::adapter::doctor::test {
namespace {

const std::string delivered = R"({"deliveryStatus":"SUCCESS_NEXT_HOP_ACKNOWLEDGED"})";
const std::string failure =
    R"({"problemDetail":{"status":500},"requestedRetransmissionTime":"2030-01-01T00:00:00Z"})";

nidd::T8Answer buffered(const std::string& status = R"("deliveryStatus":"BUFFERING")") {
    const std::string self = root + "c1/downlink-data-deliveries/t1";
    return answered(201, R"({"self":")" + self + R"(",)" + status + '}', self);
}

TEST(Delivery, at_once_is_delivered_or_refused_and_never_buffered) {
    const auto judge = [](const nidd::T8Answer& answer) {
        return judge_delivery_now(answer, "c1", standard()).verdict;
    };
    EXPECT_EQ(judge(answered(200, delivered)), Verdict::works);
    EXPECT_EQ(judge(answered(500, failure)), Verdict::works);
    EXPECT_EQ(judge(buffered()), Verdict::deviates);
    EXPECT_EQ(judge(answered(200)), Verdict::deviates);
    EXPECT_EQ(judge(problem(500, "")), Verdict::deviates);
    EXPECT_EQ(judge(problem(403, "")), Verdict::fails);
    EXPECT_EQ(judge(problem(429, "")), Verdict::skipped);
    EXPECT_EQ(judge(broken(nidd::T8Answer::Transport::ambiguous, "late")), Verdict::fails);
}

TEST(Delivery, that_may_be_buffered_is_or_the_scef_has_no_buffer) {
    const auto judge = [](const nidd::T8Answer& answer) {
        return judge_delivery_later(answer, "c1", standard()).verdict;
    };
    EXPECT_EQ(judge(buffered()), Verdict::works);
    EXPECT_EQ(judge(buffered(R"("status":"BUFFERING")")), Verdict::deviates);
    EXPECT_EQ(judge(answered(201, "{}")), Verdict::deviates);
    EXPECT_EQ(judge(answered(500, failure)), Verdict::lacks);
    EXPECT_EQ(judge(answered(200, delivered)), Verdict::skipped);
}

TEST(Delivery, of_too_much_is_403_or_at_least_understood) {
    const nidd::T8Answer coded = problem(403, "", "SCEF-ERR-403-111: too much");
    EXPECT_EQ(judge_too_large(problem(403, "DATA_TOO_LARGE"), "c1", standard()).verdict,
              Verdict::works);
    const Judged understood = judge_too_large(coded, "c1", oracle());
    EXPECT_EQ(understood.verdict, Verdict::deviates);
    EXPECT_NE(understood.detail.find("understands"), std::string::npos);
    EXPECT_NE(judge_too_large(coded, "c1", standard()).detail.find("instead of"),
              std::string::npos);
    EXPECT_EQ(judge_too_large(answered(200, delivered), "c1", standard()).verdict,
              Verdict::deviates);
}

TEST(Delivery, below_an_unknown_configuration_is_404) {
    EXPECT_EQ(judge_unknown(answered(404), standard()).verdict, Verdict::works);
    EXPECT_EQ(judge_unknown(answered(410), standard()).verdict, Verdict::deviates);
    EXPECT_EQ(judge_unknown(answered(400), standard()).verdict, Verdict::deviates);
}

TEST(Delivery, buffered_can_be_read_listed_and_changed_or_not) {
    const std::string self = root + "c1/downlink-data-deliveries/t1";
    const std::string one = R"({"self":")" + self + R"(","data":"QAA=","deliveryStatus":"X"})";
    EXPECT_EQ(judge_delivery_read(answered(200, one)).detail, "200 X");
    EXPECT_EQ(judge_delivery_read(answered(405)).verdict, Verdict::lacks);
    EXPECT_EQ(judge_delivery_read(answered(200, "x")).verdict, Verdict::deviates);
    EXPECT_EQ(judge_delivery_list(answered(200, '[' + one + ']'), "t1").verdict, Verdict::works);
    EXPECT_EQ(judge_delivery_list(answered(200, "[]"), "t1").verdict, Verdict::deviates);
    EXPECT_EQ(judge_delivery_change(answered(204), "done").detail, "204: done");
    EXPECT_EQ(judge_delivery_change(answered(409), "done").verdict, Verdict::deviates);
    EXPECT_EQ(judge_delivery_change(answered(405), "done").verdict, Verdict::lacks);
}

TEST(Delivery, a_status_notification_should_have_an_absolute_link) {
    EXPECT_EQ(
        judge_delivery_status({root + "c1/downlink-data-deliveries/t1", {"FAILURE"}, {}}).verdict,
        Verdict::works);
    EXPECT_EQ(judge_delivery_status({"/x/t1", {"FAILURE"}, {}}).verdict, Verdict::deviates);
    EXPECT_EQ(judge_delivery_status({root, {""}, {}}).verdict, Verdict::deviates);
}

TEST(Resource, is_made_absent_or_not_allowed) {
    const std::string link = "http://scef.example/3gpp-device-triggering/v1/dm/transactions/9";
    EXPECT_EQ(judge_resource(answered(201, "{}", link), "trigger").verdict, Verdict::works);
    EXPECT_EQ(judge_resource(answered(201, "{}"), "trigger").verdict, Verdict::deviates);
    EXPECT_EQ(judge_resource(answered(200, "{}"), "trigger").verdict, Verdict::works);
    EXPECT_EQ(judge_resource(answered(404), "trigger").verdict, Verdict::lacks);
    EXPECT_EQ(judge_resource(problem(403, ""), "trigger").verdict, Verdict::lacks);
    EXPECT_EQ(judge_resource(answered(500), "trigger").verdict, Verdict::deviates);
    EXPECT_EQ(judge_resource_deletion(answered(404)).verdict, Verdict::works);
    EXPECT_EQ(judge_resource_deletion(answered(405)).verdict, Verdict::lacks);
    EXPECT_EQ(judge_rds_ports(answered(200, "[]")).verdict, Verdict::works);
    EXPECT_EQ(judge_rds_ports(answered(404)).verdict, Verdict::lacks);
}

}  // namespace
}  // namespace scef::adapter::doctor::test
