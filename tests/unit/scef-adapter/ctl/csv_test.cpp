#include "scef-adapter/ctl/csv.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using Fields = std::vector<std::string>;

TEST(CsvFields, are_separated_by_commas_and_trimmed) {
    EXPECT_EQ(*csv_fields("a, b ,,c"), (Fields{"a", "b", "", "c"}));
    EXPECT_EQ(*csv_fields("a,"), (Fields{"a", ""}));
    EXPECT_EQ(*csv_fields(""), (Fields{""}));
}

TEST(CsvFields, may_be_quoted) {
    EXPECT_EQ(*csv_fields(R"("a,b","say ""hi""", "" ,x)"), (Fields{"a,b", "say \"hi\"", "", "x"}));
}

TEST(CsvFields, with_stray_quotes_are_refused) {
    for (const char* line : {"\"a", "a\"b", "\"a\"b,c", "\"", "\"\"\""}) {
        EXPECT_FALSE(csv_fields(line)) << line;
    }
}

}  // namespace
}  // namespace scef::ctl
