#include "scef-adapter/ctl/message_file.h"

#include <set>

#include <gtest/gtest.h>

namespace scef::ctl {
namespace {

using nlohmann::json;

TEST(MessageFile, csv_names_its_columns_and_coap_becomes_the_payload) {
    const auto file = read_messages(
        "externalId,coap,ttl,maxAttempts\n"
        "# a comment\n"
        "meter-1@iot.example,PUT /1/0/1 300,24h,3\r\n"
        "meter-2@iot.example,GET /3/0/0,90,\n");
    ASSERT_TRUE(file.mistakes.empty()) << file.mistakes.front().sentence;
    ASSERT_EQ(file.messages.size(), 2U);
    EXPECT_EQ(file.messages[0].line, 3U);
    EXPECT_EQ(file.messages[0].item["ttl"], "24h");
    EXPECT_EQ(file.messages[0].item["maxAttempts"], 3);
    EXPECT_FALSE(file.messages[0].item.contains("coap"));
    EXPECT_EQ(file.messages[1].item["ttl"], 90);
    EXPECT_EQ(file.messages[1].item["payload"], "QAEAALEzATABMA==");
}

TEST(MessageFile, json_lines_may_have_ports_and_payloads) {
    const auto file = read_messages(
        R"({"externalId":"a@b.example","payload":"AQI=","contentFormat":"opaque"})"
        "\n"
        R"({"externalId":"a@b.example","coap":"GET /3","rds":{"portUE":1,"portSCEF":2}})");
    ASSERT_TRUE(file.mistakes.empty()) << file.mistakes.front().sentence;
    EXPECT_EQ(file.messages[0].item["payload"], "AQI=");
    EXPECT_EQ(file.messages[1].item["rds"]["portUE"], 1);
}

TEST(MessageFile, every_mistake_is_told_with_its_line) {
    const auto file = read_messages(
        "{\"externalId\":\"a@b.example\",\"coap\":\"GET /3\"}\n"
        "{\"externalId\":\"a@b.example\"}\n"
        "{\"coap\":\"GET /3\"}\n"
        "{\"externalId\":\"a@b.example\",\"coap\":\"FLY /3\"}\n"
        "{\"externalId\":\"a@b.example\",\"coap\":\"GET /3\",\"colour\":\"red\"}\n"
        "no json\n");
    ASSERT_EQ(file.mistakes.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(file.mistakes[i].line, i + 2);
    EXPECT_EQ(read_messages("externalId,color\n").mistakes.size(), 1U);
    EXPECT_EQ(read_messages("externalId,coap\na@b.example\n").mistakes.size(), 1U);
}

TEST(MessageFile, the_same_file_has_the_same_keys_and_another_name_others) {
    const std::string text = "externalId,coap\na@b.example,GET /3\na@b.example,GET /3\n";
    const auto keys = [](const std::string& of, const std::string& batch) {
        auto file = read_messages(of);
        give_keys(file, of, batch);
        std::set<std::string> all;
        for (const auto& message : file.messages) {
            EXPECT_TRUE(all.insert(message.item["idempotencyKey"]).second) << "lines differ";
        }
        return all;
    };
    EXPECT_EQ(keys(text, ""), keys(text, ""));
    EXPECT_NE(keys(text, ""), keys(text + "# other\n", ""));
    EXPECT_NE(keys(text, ""), keys(text, "again"));
    EXPECT_EQ(keys(text, "again"), keys(text + "# other\n", "again"));
}

}  // namespace
}  // namespace scef::ctl
