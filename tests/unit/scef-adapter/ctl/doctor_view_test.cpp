#include "scef-adapter/ctl/doctor_view.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

TEST(DoctorView, a_finding_is_a_line_in_columns) {
    const json finding{
        {"verdict", "works"}, {"step", "create"}, {"detail", "201"}, {"milliseconds", 12}};
    EXPECT_EQ(finding_line(finding), "works     create                 201");
}

TEST(DoctorView, a_slow_answer_tells_its_time) {
    const json finding{
        {"verdict", "works"}, {"step", "read"}, {"detail", "200"}, {"milliseconds", 2500}};
    EXPECT_EQ(finding_line(finding), "works     read                   200  [2500 ms]");
}

TEST(DoctorView, control_characters_of_a_scef_do_not_reach_the_terminal) {
    const json finding{{"verdict", "fails"}, {"step", "create"}, {"detail", "\x1b[2J"}};
    EXPECT_EQ(finding_line(finding).find('\x1b'), std::string::npos);
}

TEST(DoctorView, the_summary_has_features_advice_and_counts) {
    const json report{
        {"summary",
         {{"works", 3},
          {"deviates", 1},
          {"features", {{{"feature", "RDS ports"}, {"has", "no"}}}},
          {"configuration", {{{"key", "profile"}, {"value", "mts"}, {"reason", "so it is"}}}}}}};
    const std::string text = summary_text(report);
    for (const char* piece : {"RDS ports   no\n", "profile: mts", "# so it is\n",
                              "3 works, 1 deviates, 0 lacks, 0 fails, 0 skipped\n"}) {
        EXPECT_NE(text.find(piece), std::string::npos) << text;
    }
}

TEST(DoctorView, a_scef_that_could_not_be_reached_has_no_table_of_unknowns) {
    const json report{
        {"summary", {{"fails", 1}, {"features", {{{"feature", "X"}, {"has", "unknown"}}}}}}};
    EXPECT_EQ(summary_text(report), "\n0 works, 0 deviates, 0 lacks, 1 fails, 0 skipped\n");
}

TEST(DoctorView, there_is_no_summary_of_what_still_runs) {
    EXPECT_EQ(summary_text({{"summary", nullptr}}), "");
}

}  // namespace
}  // namespace scef::ctl
