#include "scef-adapter/ctl/next_page.h"

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

TEST(NextPage, it_is_the_path_that_the_link_names) {
    EXPECT_EQ(next_page("</api/v1/quotas/account/usage?from=a&cursor=b>; rel=\"next\""),
              "/api/v1/quotas/account/usage?from=a&cursor=b");
}

TEST(NextPage, there_is_none_without_a_link_to_it) {
    for (const char* link :
         {"", "</a>", "</a>; rel=\"prev\"", "/a; rel=\"next\"", "</a",
          "<http://elsewhere.example/a>; rel=\"next\"", "<//elsewhere.example/a>; rel=\"next\""}) {
        EXPECT_EQ(next_page(link), "") << link;
    }
}

}  // namespace
}  // namespace scef::ctl
