#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string meter = "/api/v1/devices/meter-1@iot.example";

class AuditRoutes : public testing::Test {
protected:
    AuditRoutes() { dut.token = "a-token"; }

    json entries(const std::string& query = "") {
        const Answer answer = dut.call("GET", "/api/v1/audit" + query);
        EXPECT_EQ(answer.status, 200) << answer.text;
        dut.shards.wall += std::chrono::milliseconds(1);
        return answer.body["items"];
    }
    /// A call, and the one entry that it left.
    json left_by(const std::string& method, const std::string& target,
                 const std::string& body = "") {
        const std::size_t before = entries().size();
        const Answer answer = dut.call(method, target, body);
        EXPECT_LT(answer.status, 300) << answer.text;
        const json now = entries();
        EXPECT_EQ(now.size(), before + 1) << method << ' ' << target;
        return now[0];
    }

    ApiUnderTest dut{*AccessTokens::parse("read:r-token\nsend:s-token\nadmin:a-token\n", "f")};
};

TEST_F(AuditRoutes, each_change_says_who_made_it_and_how) {
    const json added = left_by("POST", "/api/v1/devices",
                               R"({"externalId":"meter-1@iot.example","profile":"cat-m1"})");
    EXPECT_EQ(added["role"], "admin");
    EXPECT_EQ(added["token"].get<std::string>().size(), 8u);
    EXPECT_EQ(added["address"], "127.0.0.1");
    EXPECT_EQ(added["method"], "POST");
    EXPECT_EQ(added["path"], "/api/v1/devices");
    EXPECT_EQ(json::parse(added["change"].get<std::string>())["profile"], "cat-m1");

    left_by("PUT", meter, R"({"profile":"nb-iot"})");
    left_by("POST", meter + ":pause");
    left_by("POST", meter + ":resume");
    left_by("PUT", "/api/v1/quotas/account", R"({"downlink":{"messages":"9/hour"}})");
    left_by("PUT", "/api/v1/quotas/device:meter-1@iot.example",
            R"({"downlink":{"messages":"9/hour"}})");
    dut.token = "s-token";
    dut.call("POST", meter + "/messages", message_body);
    dut.token = "a-token";
    const json sent = entries()[0];
    EXPECT_EQ(sent["role"], "send");
    EXPECT_NE(sent["token"], added["token"]);
    EXPECT_EQ(sent["messageId"].get<std::string>().size(), 36u);
    EXPECT_EQ(sent["change"], nullptr) << "a payload is no one's business";
    const json purged = left_by("DELETE", meter + "/messages");
    EXPECT_EQ(purged["affected"], 1);
    left_by("DELETE", meter);
}

TEST_F(AuditRoutes, what_changes_nothing_leaves_nothing) {
    dut.add_device("meter-1@iot.example");
    const std::size_t before = entries().size();
    dut.add_device("meter-1@iot.example");
    dut.call("GET", "/api/v1/devices");
    dut.call("DELETE", "/api/v1/devices/nobody@iot.example");
    dut.call("POST", "/api/v1/messages:dryRun",
             R"({"externalId":"meter-1@iot.example","payload":")" + get_manufacturer + "\"}");
    dut.token = "r-token";
    EXPECT_EQ(dut.call("POST", meter + ":pause").status, 403);
    dut.token = "a-token";
    EXPECT_EQ(entries().size(), before);
}

TEST_F(AuditRoutes, who_looked_at_a_device_or_a_scef_is_told_too) {
    dut.add_device("meter-1@iot.example");
    const std::string trace = meter + ":trace";
    const json begun = left_by("POST", trace, R"({"duration":"3m"})");
    EXPECT_EQ(begun["path"], trace);
    EXPECT_EQ(begun["change"], R"({"duration":"3m"})");
    EXPECT_EQ(left_by("POST", trace, R"({"duration":"0s"})")["change"], R"({"duration":"0s"})");
    EXPECT_EQ(left_by("GET", meter + "/capture")["path"], meter + "/capture");
    left_by("POST", "/api/v1/scefs/operator-a:doctor", R"({"externalId":"probe@iot.example"})");

    const std::size_t before = entries().size();
    EXPECT_EQ(dut.call("POST", trace, R"({"duration":"0s"})").status, 200) << "it had ended";
    dut.call("GET", meter + "/capture?after=0");
    dut.call("POST", "/api/v1/devices/nobody@iot.example:trace", "{}");
    dut.call("POST", "/api/v1/store/backups");
    EXPECT_EQ(entries().size(), before) << "there is no folder for backups";
}

TEST_F(AuditRoutes, pages_go_back_in_time) {
    for (int i = 0; i < 5; ++i) {
        dut.shards.wall += std::chrono::milliseconds(1);
        dut.add_device("meter-" + std::to_string(i) + "@iot.example");
    }
    std::vector<std::string> seen;
    std::string query = "?limit=2";
    while (true) {
        const json page = dut.call("GET", "/api/v1/audit" + query).body;
        for (const json& entry : page["items"]) seen.push_back(entry["change"]);
        if (page["next"].is_null()) break;
        query = "?limit=2&cursor=" + page["next"].get<std::string>();
    }
    ASSERT_EQ(seen.size(), 5u);
    EXPECT_NE(seen.front().find("meter-4"), std::string::npos);
    EXPECT_NE(seen.back().find("meter-0"), std::string::npos);
    EXPECT_EQ(dut.call("GET", "/api/v1/audit?cursor=x").status, 400);
}

TEST_F(AuditRoutes, a_long_change_is_cut_within_no_character) {
    std::string groups;
    for (int i = 0; i < 16; ++i) {
        groups += std::string(i == 0 ? "" : ",") + "\"" + std::to_string(i);
        for (int k = 0; k < 25; ++k) groups += "\u00e4\u00f6";
        groups += "\"";
    }
    const Answer added = dut.call("POST", "/api/v1/devices",
                                  R"({"externalId":"m@iot.example","groups":[)" + groups + "]}");
    const json items = entries();
    if (added.status == 201) {
        EXPECT_LE(items[0]["change"].get<std::string>().size(), 1024u);
    } else {
        EXPECT_TRUE(items.empty()) << added.text;
    }
}

TEST_F(AuditRoutes, only_an_admin_reads_it) {
    dut.token = "s-token";
    EXPECT_EQ(dut.call("GET", "/api/v1/audit").status, 403);
}

}  // namespace
}  // namespace scef::adapter::test
