#include "scef-adapter/ctl/refused_words.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

TEST(RefusedWords, are_shown_where_no_option_is_among_them) {
    EXPECT_EQ(refusal_of({"lst"}), "Not expected: lst");
    EXPECT_EQ(refusal_of({"one", "two"}), "Not expected: one two");
}

TEST(RefusedWords, that_may_be_the_value_of_an_option_are_not_shown) {
    EXPECT_EQ(refusal_of({"--token", "s3cret"}), "Not expected: --token");
    EXPECT_EQ(refusal_of({"s3cret", "--token"}), "Not expected: --token");
    EXPECT_EQ(refusal_of({"--token=s3cret"}), "Not expected: --token");
}

}  // namespace
}  // namespace scef::ctl
