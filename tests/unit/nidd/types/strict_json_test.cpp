#include "nidd/types/strict_json.h"

#include <limits>

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

std::string repeat(const std::string& text, std::size_t times) {
    std::string repeated;
    for (std::size_t i = 0; i < times; ++i) repeated += text;
    return repeated;
}

TEST(StrictJson, an_ordinary_document_is_read) {
    const auto value = parse_strict_json(R"( {"a": [1, -2, 0.5, true, null, "\u00e9"], "b": {}} )");

    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ((*value)["a"].size(), 6u);
    EXPECT_EQ((*value)["a"][1], -2);
    EXPECT_EQ((*value)["a"][5], "\xC3\xA9");
    EXPECT_TRUE((*value)["b"].empty());
}

class BadJson : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(BadJson, is_refused_without_echo) {
    const auto value = parse_strict_json(GetParam().second);

    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, Errc::malformed);
    EXPECT_EQ(value.error().message.find("evil"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Reliability, BadJson,
    testing::Values(std::pair{"empty", std::string()}, std::pair{"no_json", std::string("evil")},
                    std::pair{"byte_order_mark", std::string("\xEF\xBB\xBF{}")},
                    std::pair{"trailing_bytes", std::string("{} evil")},
                    std::pair{"two_values", std::string("{}{}")},
                    std::pair{"nan", std::string("NaN")},
                    std::pair{"infinity", std::string("[1e999]")},
                    std::pair{"comment", std::string("{} // evil")},
                    std::pair{"trailing_comma", std::string("[1,]")},
                    std::pair{"single_quotes", std::string("{'evil':1}")},
                    std::pair{"leading_zero", std::string("[01]")},
                    std::pair{"depth_17", repeat("[", 17) + repeat("]", 17)},
                    std::pair{"unclosed_brackets", repeat("[", 60'000)},
                    std::pair{"long_number", repeat("9", 60'000)},
                    std::pair{"above_64_bits", std::string("[18446744073709551616]")},
                    std::pair{"long_fraction", "[0." + repeat("3", 100) + "]"},
                    std::pair{"duplicate_name", std::string(R"({"evil":1,"evil":2})")},
                    std::pair{"nested_duplicate", std::string(R"([{"x":{"a":1,"b":2,"a":3}}])")},
                    std::pair{"escaped_duplicate", std::string(R"({"a":1,"\u0061":2})")},
                    std::pair{"invalid_utf8", std::string("[\"\xC3\x28\"]")},
                    std::pair{"overlong_utf8", std::string("[\"\xC0\xAF\"]")},
                    std::pair{"lone_surrogate", std::string(R"(["\ud800"])")},
                    std::pair{"nul_escape", std::string(R"(["evil\u0000"])")},
                    std::pair{"nul_in_name", std::string(R"({"evil\u0000":1})")},
                    std::pair{"raw_nul", std::string("[\"\0\"]", 5)},
                    std::pair{"raw_control", std::string("[\"\n\"]")},
                    std::pair{"long_name", "{\"" + repeat("k", 65) + "\":1}"},
                    std::pair{"array_of_257", "[" + repeat("1,", 256) + "1]"}),
    [](const auto& row) { return row.param.first; });

TEST(StrictJson, depth_16_passes) {
    EXPECT_TRUE(parse_strict_json(repeat("[", 16) + repeat("]", 16)));
}

TEST(StrictJson, a_name_of_64_octets_and_an_array_of_256_pass) {
    EXPECT_TRUE(parse_strict_json("{\"" + repeat("k", 64) + "\":1}"));
    EXPECT_TRUE(parse_strict_json("[" + repeat("1,", 255) + "1]"));
}

TEST(StrictJson, an_object_may_have_256_members_and_no_more) {
    std::string members;
    for (int i = 0; i < 256; ++i) members += "\"m" + std::to_string(i) + "\":1,";
    const std::string full = "{" + members.substr(0, members.size() - 1) + "}";

    EXPECT_TRUE(parse_strict_json(full));
    EXPECT_FALSE(parse_strict_json("{" + members + "\"one more\":1}"));
}

TEST(StrictJson, a_text_above_the_limit_is_too_large) {
    const auto value = parse_strict_json("[\"" + repeat("x", 70'000) + "\"]");

    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, Errc::too_large);
}

TEST(StrictJson, absent_and_null_members_are_nothing) {
    const auto object = nlohmann::json::parse(R"({"b":null})");

    EXPECT_EQ(text_member(object, "a").value(), std::nullopt);
    EXPECT_EQ(text_member(object, "b").value(), std::nullopt);
    EXPECT_EQ(unsigned_member(object, "a", 1).value(), std::nullopt);
    EXPECT_EQ(bool_member(object, "b").value(), std::nullopt);
}

TEST(StrictJson, members_of_another_type_are_errors) {
    const auto object = nlohmann::json::parse(R"({"t":"x","n":1,"b":true,"f":1.0,"i":-1})");

    EXPECT_FALSE(text_member(object, "n"));
    EXPECT_FALSE(bool_member(object, "n"));
    EXPECT_FALSE(unsigned_member(object, "t", 10));
    EXPECT_FALSE(unsigned_member(object, "b", 10));
    EXPECT_FALSE(unsigned_member(object, "f", 10));
    EXPECT_FALSE(unsigned_member(object, "i", 10));
}

TEST(StrictJson, numbers_are_checked_against_their_range) {
    const auto object = nlohmann::json::parse(R"({"n":65536,"big":9223372036854775808})");
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();

    EXPECT_FALSE(unsigned_member(object, "n", 65535));
    EXPECT_EQ(unsigned_member(object, "n", 65536).value(), 65536u);
    EXPECT_EQ(unsigned_member(object, "big", most).value(), std::uint64_t{1} << 63);
}

TEST(StrictJson, dumping_replaces_what_is_no_utf8) {
    EXPECT_EQ(dump(nlohmann::json("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
}

}  // namespace
}  // namespace scef::nidd
