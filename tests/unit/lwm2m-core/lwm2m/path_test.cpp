#include "lwm2m-core/lwm2m/path.h"

#include <gtest/gtest.h>

namespace scef::lwm2m {
namespace {

TEST(Path, only_numbers_up_to_65534_make_a_path) {
    EXPECT_EQ(Path::parse("/3303/0/5700"), Path(3303, 0, 5700));
    EXPECT_EQ(Path::parse("/"), Path());
    for (const std::string_view text :
         {"/a", "/3/", "//", "/-1", "/65535", "/1/2/3/4/5", "/3/+1"}) {
        EXPECT_FALSE(Path::parse(text)) << text;
    }
}

}  // namespace
}  // namespace scef::lwm2m
