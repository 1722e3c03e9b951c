#include "lwm2m-core/vocabulary/utf8.h"

#include <gtest/gtest.h>

namespace scef {
namespace {

TEST(Utf8, takes_the_first_and_last_character_of_each_length) {
    for (const auto hex : {"00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf",
                           "f0908080", "f48fbfbf", "61c3a462"}) {
        EXPECT_TRUE(is_utf8(from_hex(hex))) << hex;
    }
    EXPECT_TRUE(is_utf8({}));
}

TEST(Utf8, refuses_overlong_surrogate_truncated_and_excessive_sequences) {
    for (const auto hex :
         {"80", "bf", "c080", "c1bf", "c3", "c328", "e0a0", "e09fbf", "e08080", "eda080", "edbfbf",
          "f08fbfbf", "f4908080", "f5808080", "ff", "fe", "f09080", "e0a0c0", "61c3"}) {
        EXPECT_FALSE(is_utf8(from_hex(hex))) << hex;
    }
}

}  // namespace
}  // namespace scef
