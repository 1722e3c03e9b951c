#include "scef-adapter/ctl/table.h"

#include <gtest/gtest.h>

#include "scef-adapter/ctl/session.h"
#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {
namespace {

TEST(Table, columns_are_as_wide_as_their_widest_cell) {
    Table dut({"ID", "STATE"});
    dut.add({"meter-1", "QUEUED"});
    dut.add({"größe", "x"});
    EXPECT_EQ(dut.text(),
              "ID       STATE\n"
              "meter-1  QUEUED\n"
              "größe    x\n");
}

TEST(Table, missing_cells_are_empty_and_control_characters_harmless) {
    Table dut({"A", "B"});
    dut.add({"x\x1b[2J\n"});
    EXPECT_EQ(dut.text(), "A       B\nx?[2J?\n");
}

TEST(Cell, shows_what_people_read) {
    const auto document = nlohmann::json::parse(
        R"({"text":"a\u001b[1m","number":7,"none":null,"no":[],"names":["a","b"],"counts":[1]})");
    EXPECT_EQ(cell(document, "text").find('\x1b'), std::string::npos);
    EXPECT_EQ(cell(document, "number"), "7");
    for (const char* name : {"none", "no", "absent"}) EXPECT_EQ(cell(document, name), "-") << name;
    EXPECT_EQ(cell(document, "names"), "a, b");
    EXPECT_EQ(cell(document, "counts"), "[1]");
}

TEST(ProgressBar, shows_share_and_numbers) {
    EXPECT_EQ(progress_bar(0, 10), "[------------------------------]   0 % 0/10");
    EXPECT_EQ(progress_bar(5, 10), "[###############---------------]  50 % 5/10");
    EXPECT_EQ(progress_bar(10, 10), "[##############################] 100 % 10/10");
    EXPECT_EQ(progress_bar(0, 0).substr(33, 5), "100 %");
}

}  // namespace
}  // namespace scef::ctl
