#include "scef-adapter/admin/quota_choice.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using nlohmann::json;

TEST(QuotaChoice, the_same_limits_are_the_same_text_however_they_are_written) {
    const auto one = quota_from_json(json::parse(
        R"({"downlink": {"messages": "10/hour", "burst": 5}, "on_exhausted": "reject"})"));
    const auto other = quota_from_json(
        json::parse(R"({"on_exhausted":"reject","downlink":{"burst":5,"messages":"10/hour"}})"));
    ASSERT_TRUE(one && other);
    EXPECT_EQ(*one, *other);
    EXPECT_EQ(*one, R"({"downlink":{"burst":5,"messages":"10/hour"},"on_exhausted":"reject"})");
    EXPECT_EQ(quota_json(*one), json::parse(*one));
}

TEST(QuotaChoice, null_is_no_choice_and_a_name_is_a_name) {
    EXPECT_EQ(*quota_from_json(nullptr), "");
    EXPECT_TRUE(quota_json("").is_null());
    EXPECT_EQ(*quota_from_json("metered"), "metered");
    EXPECT_EQ(quota_json("metered"), "metered");
}

TEST(QuotaChoice, limits_in_a_text_are_no_name) {
    for (const json& value : {json(""), json("{}"), json(7), json::array(), json(true)}) {
        EXPECT_FALSE(quota_from_json(value).has_value()) << value;
    }
}

TEST(QuotaChoice, a_body_is_looked_up_in_the_configuration) {
    Config config = default_config();
    config.quotas["metered"];
    EXPECT_EQ(*quota_from_body(config, {{"quota", "metered"}}), "metered");
    EXPECT_EQ(*quota_from_body(config, {{"quota", nullptr}}), "");
    EXPECT_EQ(*quota_from_body(config, {{"billing_day", 15}}), R"({"billing_day":15})");
    EXPECT_FALSE(quota_from_body(config, {{"quota", "meterd"}}).has_value());
    EXPECT_FALSE(quota_from_body(config, {{"billing_day", 32}}).has_value());
    EXPECT_FALSE(quota_from_body(config, {{"billing_day", 1}, {"quota", "metered"}}).has_value());
}

}  // namespace
}  // namespace scef::adapter
