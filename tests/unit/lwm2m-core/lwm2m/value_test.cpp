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

}  // namespace
}  // namespace scef::lwm2m
