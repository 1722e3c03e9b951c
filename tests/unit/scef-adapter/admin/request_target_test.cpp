#include "scef-adapter/admin/request_target.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

TEST(PathSegments, undo_percent_encoding) {
    const auto segments = path_segments("/api/v1/devices/a%40b.example:pause");
    ASSERT_TRUE(segments);
    EXPECT_EQ(segments->back(), "a@b.example:pause");
    EXPECT_EQ(segments->size(), 4U);
}

TEST(PathSegments, keep_empty_segments_so_that_they_match_nothing) {
    EXPECT_EQ(path_segments("//admin")->size(), 2U);
    EXPECT_EQ(path_segments("/api/")->back(), "");
}

TEST(PathSegments, refuse_what_could_be_read_in_two_ways) {
    for (const char* path : {"", "api", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/%00", "/a%0d%0a",
                             "/..", "/%2e%2e/b", "/./b", "/a%", "/a%4", "/a%zz", "/a%7f"}) {
        EXPECT_FALSE(path_segments(path)) << path;
    }
}

TEST(QueryParameters, are_read_once_each) {
    const auto query = query_parameters("limit=5&cursor=a%3D");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->at("limit"), "5");
    EXPECT_EQ(query->at("cursor"), "a=");
    EXPECT_FALSE(query_parameters("limit=5&limit=6"));
    EXPECT_FALSE(query_parameters("limit=%"));
}

TEST(EncodeSegment, leaves_an_external_identifier_readable) {
    EXPECT_EQ(encode_segment("a+b@c.example"), "a%2Bb@c.example");
    EXPECT_EQ(encode_segment("a/b c"), "a%2Fb%20c");
}

}  // namespace
}  // namespace scef::adapter
