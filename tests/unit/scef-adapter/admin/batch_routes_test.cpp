#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string batch = "/api/v1/messages:batch";

json item_for(const std::string& device, const std::string& correlation = "") {
    json item{{"externalId", device}, {"payload", get_manufacturer}};
    if (!correlation.empty()) item["correlationId"] = correlation;
    return item;
}

class BatchRoutes : public testing::Test {
protected:
    BatchRoutes() {
        dut.add_device("meter-1@iot.example");
        dut.add_device("meter-2@iot.example");
    }
    Answer send(const json& items) {
        return dut.call("POST", batch, json{{"items", items}}.dump());
    }

    ApiUnderTest dut;
};

TEST_F(BatchRoutes, each_item_is_judged_as_if_it_came_alone_and_answered_in_its_place) {
    json bad = item_for("meter-1@iot.example");
    bad["ttl"] = "soon";
    const Answer answer = send({item_for("meter-1@iot.example", "a"), item_for("x@y.example"), bad,
                                "text", item_for("meter-2@iot.example")});
    ASSERT_EQ(answer.status, 200) << answer.text;
    const json& items = answer.body["items"];
    ASSERT_EQ(items.size(), 5U);
    std::vector<int> statuses;
    for (const json& item : items) statuses.push_back(item["status"]);
    EXPECT_EQ(statuses, (std::vector{201, 404, 400, 400, 201}));
    EXPECT_EQ(items[1]["problem"]["cause"], "NOT_FOUND");
    EXPECT_TRUE(items[2]["problem"]["detail"].get<std::string>().starts_with("ttl:"));
    const json first =
        dut.call("GET", "/api/v1/messages/" + items[0]["id"].get<std::string>()).body;
    EXPECT_EQ(first["correlationId"], "a");
}

TEST_F(BatchRoutes, the_messages_of_a_device_keep_their_order) {
    json items = json::array();
    for (int i = 0; i < 4; ++i) {
        items.push_back(item_for("meter-1@iot.example", std::to_string(i)));
        items.push_back(item_for("meter-2@iot.example", std::to_string(i)));
    }
    ASSERT_EQ(send(items).status, 200);
    const json listed =
        dut.call("GET", "/api/v1/devices/meter-2@iot.example/messages").body["items"];
    ASSERT_EQ(listed.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(listed[i]["correlationId"], std::to_string(i));
}

TEST_F(BatchRoutes, a_full_queue_refuses_the_items_behind_it_and_says_when_to_come_again) {
    const json items(7, item_for("meter-1@iot.example"));
    const json results = send(items).body["items"];
    EXPECT_EQ(results[4]["status"], 201);
    EXPECT_EQ(results[5]["status"], 429);
    EXPECT_EQ(results[6]["problem"]["cause"], "QUEUE_FULL");
    EXPECT_GT(results[6]["problem"]["retryAfter"], 0);
}

TEST_F(BatchRoutes, a_key_makes_one_message_whoever_brings_it) {
    json item = item_for("meter-1@iot.example");
    item["idempotencyKey"] = "k";
    json other = item;
    other["priority"] = "high";
    const json results = send({item, item, other}).body["items"];
    EXPECT_EQ(results[0]["status"], 201);
    EXPECT_EQ(results[1]["status"], 200);
    EXPECT_EQ(results[1]["id"], results[0]["id"]);
    EXPECT_EQ(results[2]["status"], 422);
    auto alone = dut.request("POST", "/api/v1/devices/meter-1@iot.example/messages", message_body);
    alone.headers["idempotency-key"] = "k";
    EXPECT_EQ(dut.send(alone).body["id"], results[0]["id"]);
    item["idempotencyKey"] = 7;
    EXPECT_EQ(send(json::array({item})).body["items"][0]["status"], 400);
}

TEST_F(BatchRoutes, a_thousand_items_of_the_largest_frames_fit_and_one_more_is_refused) {
    const std::string payload(1808, 'A');  // base64 of 1356 octets
    json item{
        {"externalId", "meter-1@iot.example"}, {"payload", payload}, {"contentFormat", "opaque"}};
    const Answer full = send(json(1000, item));
    ASSERT_EQ(full.status, 200) << full.text.substr(0, 200);
    EXPECT_EQ(full.body["items"].size(), 1000U);
    EXPECT_EQ(full.body["items"][0]["status"], 201);
    EXPECT_EQ(full.body["items"][999]["status"], 429);
    EXPECT_EQ(send(json(1001, item)).status, 400);
    EXPECT_EQ(send(json::array()).status, 400);
    EXPECT_EQ(dut.call("POST", batch, R"({"items":[{}],"atomic":true})").status, 400);
}

TEST(BatchAccess, only_who_may_send_may_have_a_large_body_and_only_where_one_is_taken) {
    ApiUnderTest dut(*AccessTokens::parse("read:looker\nsend:sender\n", "tokens"));
    const auto takes = [&](const char* token, const char* path) {
        dut.token = token;
        return dut.api.takes_large_body(dut.request("POST", path));
    };
    EXPECT_TRUE(takes("sender", "/api/v1/messages:batch"));
    EXPECT_FALSE(takes("looker", "/api/v1/messages:batch"));
    EXPECT_FALSE(takes("stranger", "/api/v1/messages:batch"));
    EXPECT_FALSE(takes("", "/api/v1/messages:batch"));
    EXPECT_FALSE(takes("sender", "/api/v1/messages:dryRun"));
    EXPECT_FALSE(takes("sender", "/api/v1/nothing"));
}

}  // namespace
}  // namespace scef::adapter::test
