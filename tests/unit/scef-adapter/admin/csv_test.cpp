#include "scef-adapter/admin/csv.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(CsvRow, fields_are_separated_by_commas_and_end_with_CRLF) {
    EXPECT_EQ(csv_row({"a", "", "c d"}), "a,,c d\r\n");
    EXPECT_EQ(csv_row({}), "\r\n");
}

TEST(CsvRow, commas_quotes_and_line_breaks_are_quoted) {
    EXPECT_EQ(csv_row({"a,b"}), "\"a,b\"\r\n");
    EXPECT_EQ(csv_row({"say \"x\""}), "\"say \"\"x\"\"\"\r\n");
    EXPECT_EQ(csv_row({"a\nb", "a\rb"}), "\"a\nb\",\"a\rb\"\r\n");
    EXPECT_EQ(csv_row({"\""}), "\"\"\"\"\r\n");
}

}  // namespace
}  // namespace scef::adapter
