#include "nidd/types/hidden.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

TEST(Hidden, each_occurrence_is_replaced) {
    EXPECT_EQ(hidden("Bearer s3cret, s3cret", "s3cret"), "Bearer ***, ***");
    EXPECT_EQ(hidden("s3crets3cret", "s3cret"), "******");
}

TEST(Hidden, other_text_stays) {
    EXPECT_EQ(hidden("no such device", "s3cret"), "no such device");
    EXPECT_EQ(hidden("no such device", ""), "no such device");
    EXPECT_EQ(hidden("", "s3cret"), "");
}

TEST(Hidden, a_secret_of_asterisks_ends) { EXPECT_EQ(hidden("a*b", "*"), "a***b"); }

}  // namespace
}  // namespace scef::nidd
