#include "lwm2m-core/lwm2m/value.h"

#include <gtest/gtest.h>

namespace scef::lwm2m {
namespace {

TEST(Value, text_of_the_wrong_type_is_refused) {
    EXPECT_FALSE(from_plain_text("1.5", DataType::integer));
    EXPECT_FALSE(from_plain_text("", DataType::integer));
    EXPECT_FALSE(from_plain_text("nan", DataType::floating));
    EXPECT_FALSE(from_plain_text("true", DataType::boolean));
    EXPECT_EQ(from_plain_text("AQI=", DataType::opaque), Value(Bytes{1, 2}));
}

TEST(Value, only_whole_numbers_become_integers) {
    EXPECT_EQ(convert(Value(3.0), DataType::integer), Value(std::int64_t{3}));
    EXPECT_FALSE(convert(Value(3.5), DataType::integer));
    EXPECT_FALSE(convert(Value(true), DataType::integer));
}

TEST(Value, an_object_link_is_two_ids) {
    EXPECT_EQ(from_plain_text("3303:65535", DataType::object_link),
              Value(std::string("3303:65535")));
    for (const std::string_view text :
         {"", ":", "1", "1:", ":1", "1:65536", "a:1", "1:2:3", "-1:2"}) {
        EXPECT_FALSE(from_plain_text(text, DataType::object_link)) << text;
    }
    EXPECT_FALSE(convert(Value(std::string("x")), DataType::object_link));
}

TEST(Value, an_unsigned_integer_is_not_negative) {
    EXPECT_EQ(from_plain_text("7", DataType::unsigned_integer), Value(std::int64_t{7}));
    EXPECT_FALSE(from_plain_text("-7", DataType::unsigned_integer));
    EXPECT_EQ(convert(Value(7.0), DataType::unsigned_integer), Value(std::int64_t{7}));
    EXPECT_FALSE(convert(Value(-7.0), DataType::unsigned_integer));
    EXPECT_FALSE(convert(Value(std::int64_t{-7}), DataType::unsigned_integer));
}

}  // namespace
}  // namespace scef::lwm2m
