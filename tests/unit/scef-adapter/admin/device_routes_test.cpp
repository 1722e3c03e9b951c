#include <set>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string devices = "/api/v1/devices";
const std::string meter = devices + "/meter-1@iot.example";

TEST(DeviceRoutes, a_new_device_is_created_and_shown_with_what_follows_from_it) {
    ApiUnderTest dut;
    const Answer answer = dut.add_device("meter-1@iot.example");
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.headers.at("Location"), meter);
    const json& device = answer.body;
    EXPECT_EQ(device["externalId"], "meter-1@iot.example");
    EXPECT_EQ(device["profile"], "nb-iot");
    EXPECT_EQ(device["server"], "dm");
    EXPECT_EQ(device["mode"], "coap");
    ASSERT_EQ(device["endpoints"].size(), 1U);
    EXPECT_EQ(device["endpoints"][0]["server"], "dm");
    EXPECT_NE(device["endpoints"][0]["address"].get<std::string>().find(':'), std::string::npos);
    EXPECT_EQ(device["niddConfiguration"]["status"], "PENDING");
    EXPECT_TRUE(device["registration"].is_null());
    EXPECT_EQ(device["reachability"]["kind"], "psm");
    EXPECT_EQ(device["queue"]["messages"], 0);
    EXPECT_EQ(dut.call("GET", meter).body, device);
}

TEST(DeviceRoutes, the_same_again_is_200_and_something_else_409) {
    ApiUnderTest dut;
    dut.add_device("meter-1@iot.example");
    EXPECT_EQ(dut.add_device("meter-1@iot.example").status, 200);
    const Answer other =
        dut.call("POST", devices, R"({"externalId":"meter-1@iot.example","profile":"cat-m1"})");
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(other.body["cause"], "CONFLICT");
}

TEST(DeviceRoutes, put_changes_a_device_or_adds_it) {
    ApiUnderTest dut;
    EXPECT_EQ(dut.call("PUT", meter, R"({"profile":"nb-iot"})").status, 201);
    const Answer changed = dut.call("PUT", meter, R"({"profile":"cat-m1"})");
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.body["profile"], "cat-m1");
    EXPECT_EQ(dut.call("PUT", meter, R"({"externalId":"other@iot.example"})").status, 400);
}

TEST(DeviceRoutes, names_that_are_not_configured_are_refused) {
    ApiUnderTest dut;
    for (const char* member : {"profile", "quota", "server"}) {
        json body{{"externalId", "meter-1@iot.example"}};
        body[member] = "nonsense";
        const Answer answer = dut.call("POST", devices, body.dump());
        EXPECT_EQ(answer.status, 400);
        EXPECT_TRUE(answer.body["detail"].get<std::string>().starts_with(member));
    }
}

/// With another server; both have RDS ports.
std::shared_ptr<const Config> two_servers() {
    auto config = std::make_shared<Config>(*small_config());
    config->lwm2m_servers[0].rds = RdsConfig{{1, 2}, "com.example.dm"};
    config->lwm2m_servers.push_back(config->lwm2m_servers[0]);
    config->lwm2m_servers[1].name = "fw";
    config->lwm2m_servers[1].rds = RdsConfig{{3, 4}, ""};
    return config;
}

TEST(DeviceRoutes, a_device_may_have_several_servers_and_get_more_by_put) {
    ApiUnderTest dut({}, two_servers());
    EXPECT_EQ(dut.call("PUT", meter, "{}").body["servers"], json::array({"dm"}));
    const Answer both = dut.call("PUT", meter, R"({"servers":["dm","fw"]})");
    EXPECT_EQ(both.status, 200);
    EXPECT_EQ(both.body["server"], "dm");
    EXPECT_EQ(both.body["servers"], json::array({"dm", "fw"}));
    ASSERT_EQ(both.body["endpoints"].size(), 2U);
    const json& fw = both.body["endpoints"][1];
    EXPECT_EQ(fw["server"], "fw");
    EXPECT_EQ(fw["rds"], (json{{"portUE", 3}, {"portSCEF", 4}, {"applicationId", nullptr}}));
    EXPECT_TRUE(fw["registration"].is_null());
    EXPECT_EQ(dut.call("PUT", meter, R"({"servers":["fw","dm"]})").status, 409);
    EXPECT_EQ(dut.call("PUT", meter, R"({"server":"fw","servers":["dm","fw"]})").status, 400);
    EXPECT_EQ(dut.call("PUT", meter, R"({"server":"dm"})").body["endpoints"].size(), 1U);
}

TEST(DeviceRoutes, a_device_can_be_removed_once) {
    ApiUnderTest dut;
    dut.add_device("meter-1@iot.example");
    const Answer removed = dut.call("DELETE", meter);
    EXPECT_EQ(removed.status, 204);
    EXPECT_TRUE(removed.text.empty());
    EXPECT_EQ(dut.call("DELETE", meter).status, 404);
    EXPECT_EQ(dut.call("GET", meter).status, 404);
}

TEST(DeviceRoutes, pause_and_resume_show_the_device) {
    ApiUnderTest dut;
    dut.add_device("meter-1@iot.example");
    EXPECT_EQ(dut.call("POST", meter + ":pause").body["paused"], true);
    EXPECT_EQ(dut.call("GET", meter).body["paused"], true);
    EXPECT_EQ(dut.call("POST", meter + ":resume", "{}").body["paused"], false);
    EXPECT_EQ(dut.call("POST", meter + ":resume", R"({"a":1})").status, 400);
    EXPECT_EQ(dut.call("POST", devices + "/nobody@iot.example:pause").status, 404);
}

TEST(DeviceRoutes, a_trigger_is_asked_for_and_its_result_is_shown) {
    ApiUnderTest dut;
    dut.add_device("meter-1@iot.example");
    EXPECT_TRUE(dut.call("GET", meter).body["wakeUp"].is_null());
    const Answer woken = dut.call("POST", meter + ":wake");
    EXPECT_EQ(woken.status, 200);
    EXPECT_EQ(woken.body["wakeUp"]["trigger"], "registrationUpdate");
    EXPECT_EQ(woken.body["wakeUp"]["result"], "REQUESTED");
    EXPECT_EQ(dut.call("POST", meter + ":wake?trigger=bootstrap").body["wakeUp"]["trigger"],
              "bootstrap");
    EXPECT_EQ(dut.call("POST", meter + ":wake?trigger=loudly").status, 400);
    EXPECT_EQ(dut.call("POST", devices + "/nobody@iot.example:wake").status, 404);
}

TEST(DeviceRoutes, an_external_identifier_may_be_encoded_or_not) {
    ApiUnderTest dut;
    dut.add_device("meter-1@iot.example");
    EXPECT_EQ(dut.call("GET", devices + "/meter-1%40iot.example").status, 200);
    EXPECT_EQ(dut.call("GET", devices + "/meter-1@IOT.example").status, 200);
    EXPECT_EQ(dut.call("GET", devices + "/no-identifier").status, 400);
    EXPECT_EQ(dut.call("GET", devices + "/a%0d%0a@iot.example").status, 400);
}

TEST(DeviceRoutes, pages_visit_every_device_once) {
    ApiUnderTest dut;
    for (int i = 0; i < 25; ++i) dut.add_device("d" + std::to_string(i) + "@iot.example");
    std::set<std::string> seen;
    std::string target = devices + "?limit=4";
    for (int page = 0; page < 7; ++page) {
        const Answer answer = dut.call("GET", target);
        EXPECT_LE(answer.body["items"].size(), 4U);
        for (const json& device : answer.body["items"]) {
            EXPECT_TRUE(seen.insert(device["externalId"]).second);
        }
        if (answer.body["next"].is_null()) break;
        target = devices + "?limit=4&cursor=" + answer.body["next"].get<std::string>();
    }
    EXPECT_EQ(seen.size(), 25U);
}

TEST(DeviceRoutes, bad_limits_and_cursors_are_refused) {
    ApiUnderTest dut;
    for (const char* query : {"limit=0", "limit=1001", "limit=-1", "limit=x", "cursor=", "cursor=!",
                              "cursor=AAAA", "cursor=ZCA5OSAw", "cursor=ZCAwIDk5OTk5OTk5OTk5"}) {
        EXPECT_EQ(dut.call("GET", devices + "?" + query).status, 400) << query;
    }
}

}  // namespace
}  // namespace scef::adapter::test
