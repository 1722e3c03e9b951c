#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/doctor/answers.h"

namespace scef::adapter::doctor::test {
namespace {

using Transport = nidd::T8Answer::Transport;

struct Row {
    const char* name;
    nidd::T8Answer answer;
    Verdict verdict;
    const char* says;
};

class Reach : public testing::TestWithParam<Row> {};

TEST_P(Reach, is_judged_and_says_what_to_check) {
    const Judged judged = judge_reach(GetParam().answer, "HTTPS");
    EXPECT_EQ(judged.verdict, GetParam().verdict);
    EXPECT_NE(judged.detail.find(GetParam().says), std::string::npos) << judged.detail;
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Reach,
    testing::Values(
        Row{"list", answered(200, "[]"), Verdict::works, "lets us in (HTTPS)"},
        Row{"no_list", answered(404), Verdict::works, "it answers"},
        Row{"unauthorized", problem(401, "X"), Verdict::fails, "check auth and scs_as_id"},
        Row{"elsewhere", answered(308), Verdict::fails, "redirects"},
        Row{"overloaded", answered(503), Verdict::fails, "503"},
        Row{"refused", broken(Transport::not_sent, "no connection to the SCEF: refused"),
            Verdict::fails, "firewalls"},
        Row{"tls", broken(Transport::not_sent, "no TLS with the SCEF: certificate verify failed"),
            Verdict::fails, "ca_file"},
        Row{"client_certificate",
            broken(Transport::ambiguous,
                   "the SCEF closed the connection: tlsv13 alert certificate required"),
            Verdict::fails, "certificate_file"},
        Row{"token", broken(Transport::not_sent, "no token: the token server answered 401"),
            Verdict::fails, "client_secret_file"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Clock, that_goes_wrong_is_told_with_its_direction) {
    const WallTime now = *from_rfc3339("2030-01-01T12:00:00Z");
    nidd::T8Answer answer = answered(200);
    EXPECT_EQ(judge_clock(answer, now).verdict, Verdict::skipped);
    answer.date = now + std::chrono::seconds(4);
    EXPECT_EQ(judge_clock(answer, now).verdict, Verdict::works);
    answer.date = now - std::chrono::seconds(90);
    EXPECT_EQ(judge_clock(answer, now).verdict, Verdict::deviates);
    EXPECT_NE(judge_clock(answer, now).detail.find("90 s behind"), std::string::npos);
}

TEST(Told, foreign_text_is_tamed) {
    const std::string text = told(problem(403, "X", "\x1b[2J" + std::string(1000, 'a')));
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_LT(text.size(), 200U);
    EXPECT_EQ(told(problem(403, "DATA_TOO_LARGE")), "403 DATA_TOO_LARGE");
}

}  // namespace
}  // namespace scef::adapter::doctor::test
