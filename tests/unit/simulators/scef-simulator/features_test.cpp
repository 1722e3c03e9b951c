#include "simulators/scef-simulator/features.h"

#include <gtest/gtest.h>

namespace scef::scef_simulator {
namespace {

TEST(Features, the_common_set_has_what_both_have) {
    EXPECT_EQ(common_features("ff", "9c"), "9c");
    EXPECT_EQ(common_features("4", "9c"), "4");
    EXPECT_EQ(common_features("3", "9c"), "0");
    EXPECT_EQ(common_features("", "9c"), "0");
    EXPECT_EQ(common_features("FFFF80", "9c"), "80");
    EXPECT_EQ(common_features("C", "C"), "c");
}

TEST(Features, are_counted_from_the_end_of_the_text) {
    EXPECT_TRUE(has_feature("4", Feature::notification_test_event));
    EXPECT_FALSE(has_feature("4", Feature::mt_nidd_modification_cancellation));
    EXPECT_TRUE(has_feature("80", Feature::patch_update));
    EXPECT_FALSE(has_feature("8", Feature::patch_update));
    EXPECT_FALSE(has_feature("", Feature::group_message_delivery));
}

}  // namespace
}  // namespace scef::scef_simulator
