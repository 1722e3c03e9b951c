#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string messages = "/api/v1/devices/meter-1@iot.example/messages";

/// One frame an hour for a device; octets in full 16; 100 an hour for the group `north`.
std::shared_ptr<const Config> config_with_quotas() {
    auto config = std::make_shared<Config>(*small_config());
    QuotaConfig tiny;
    tiny.downlink.messages = {{{1, std::chrono::hours(1)}, 1}};
    tiny.downlink.round_up = 16;
    tiny.emergency_reserve = 0;
    config->quotas["tiny"] = tiny;
    config->quotas["strict"] = tiny;
    config->quotas["strict"].on_exhausted = QuotaConfig::OnExhausted::reject;
    QuotaConfig wide;
    wide.downlink.messages = {{{100, std::chrono::hours(1)}, 20}};
    config->quotas["wide"] = wide;
    config->quota_scopes.groups["north"] = "wide";
    return config;
}

class DryRunRoutes : public testing::Test {
protected:
    void add_meter(const std::string& quota) {
        dut.call("POST", "/api/v1/devices",
                 R"({"externalId":"meter-1@iot.example","profile":"always-on","groups":["north"],)"
                 R"("quota":")" +
                     quota + "\"}");
        dut.shards.answer_configuration(*ExternalId::parse("meter-1@iot.example"));
    }
    Answer run(json members = json::object()) {
        json body{{"externalId", "meter-1@iot.example"}, {"payload", get_manufacturer}};
        body.update(members);
        return dut.call("POST", "/api/v1/messages:dryRun", body.dump());
    }

    ApiUnderTest dut{{}, config_with_quotas()};
};

TEST_F(DryRunRoutes, a_message_that_may_go_says_what_it_would_cost) {
    add_meter("tiny");
    const Answer answer = run({{"ttl", "1h"}});
    ASSERT_EQ(answer.status, 200) << answer.text;
    const json& verdict = answer.body;
    EXPECT_EQ(verdict["admitted"], true);
    EXPECT_TRUE(verdict["refusedBy"].is_null());
    EXPECT_EQ(verdict["waits"], json::array());
    EXPECT_EQ(verdict["earliestSendTime"], "2025-12-18T00:00:00.000Z");
    EXPECT_EQ(verdict["expiresAt"], "2025-12-18T01:00:00.000Z");
    EXPECT_EQ(verdict["queueAhead"], 0);
    EXPECT_EQ(verdict["cost"]["messages"], 1);
    EXPECT_EQ(verdict["cost"]["frames"], 1);
    EXPECT_GE(verdict["cost"]["octets"], 10);
    EXPECT_EQ(verdict["cost"]["octetsCounted"], 16);
}

TEST_F(DryRunRoutes, it_has_all_limits_that_the_message_passes) {
    add_meter("tiny");
    const json limits = run().body["limits"];
    ASSERT_EQ(limits.size(), 2u) << limits;
    EXPECT_EQ(limits[0]["scope"], "device:meter-1@iot.example");
    EXPECT_EQ(limits[0]["name"], "1 messages per hour");
    EXPECT_EQ(limits[0]["remaining"], 1);
    EXPECT_EQ(limits[1]["scope"], "group:north");
    EXPECT_EQ(limits[1]["name"], "100 messages per hour, 20 at once");
    EXPECT_EQ(limits[1]["remaining"], 20);
}

TEST_F(DryRunRoutes, nothing_is_stored_or_charged) {
    add_meter("tiny");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(run().body["waits"], json::array());
    EXPECT_EQ(dut.call("GET", messages).body["items"], json::array());
    EXPECT_EQ(dut.call("GET", "/api/v1/quotas/device:meter-1@iot.example")
                  .body["downlink"]["totals"]["messages"],
              0);
}

TEST_F(DryRunRoutes, one_that_would_wait_says_for_what_and_until_when) {
    add_meter("tiny");
    dut.call("POST", messages, R"({"payload":"AQI=","contentFormat":"opaque"})");
    const json verdict = run().body;
    EXPECT_EQ(verdict["admitted"], true);
    EXPECT_EQ(verdict["waits"],
              json::parse(R"([{"reason":"quota","detail":"device: 1 messages per hour",
                               "until":"2025-12-18T01:00:00.000Z"}])"));
    EXPECT_EQ(verdict["earliestSendTime"], "2025-12-18T01:00:00.000Z");
}

TEST_F(DryRunRoutes, one_that_would_be_refused_says_by_whom) {
    add_meter("strict");
    dut.call("POST", messages, R"({"payload":"AQI=","contentFormat":"opaque"})");
    const json verdict = run().body;
    EXPECT_EQ(verdict["admitted"], false);
    EXPECT_EQ(verdict["refusedBy"]["cause"], "QUOTA_EXCEEDED");
    EXPECT_EQ(verdict["refusedBy"]["scope"], "device:meter-1@iot.example");
    EXPECT_TRUE(verdict["earliestSendTime"].is_null());
    EXPECT_EQ(dut.call("POST", messages, message_body).status, 429) << "it is so indeed";
}

TEST_F(DryRunRoutes, a_shared_scope_that_is_used_up_is_asked_at_its_owner) {
    add_meter("default");
    const std::string one = R"({"downlink":{"messages":"1/hour"},"on_exhausted":)";
    dut.call("PUT", "/api/v1/quotas/group:north", one + R"("wait"})");
    dut.call("POST", messages, R"({"payload":"AQI=","contentFormat":"opaque"})");
    const json waits = run().body;
    EXPECT_EQ(waits["admitted"], true);
    EXPECT_EQ(waits["waits"],
              json::parse(R"([{"reason":"quota","detail":"group:north: 1 messages per hour",
                               "until":"2025-12-18T01:00:00.000Z"}])"));
    EXPECT_EQ(waits["earliestSendTime"], "2025-12-18T01:00:00.000Z");
    dut.call("PUT", "/api/v1/quotas/group:north", one + R"("reject"})");
    const json rejected = run().body;
    EXPECT_EQ(rejected["admitted"], false);
    EXPECT_EQ(rejected["refusedBy"]["scope"], "group:north");
}

TEST_F(DryRunRoutes, without_a_configuration_nobody_knows_when) {
    dut.add_device("meter-1@iot.example");
    const json verdict = run().body;
    EXPECT_EQ(verdict["admitted"], true);
    EXPECT_EQ(verdict["waits"][0]["reason"], "configuration");
    EXPECT_TRUE(verdict["waits"][0]["until"].is_null());
    EXPECT_TRUE(verdict["earliestSendTime"].is_null());
}

TEST_F(DryRunRoutes, a_refusal_for_another_reason_has_no_scope) {
    add_meter("tiny");
    const json verdict =
        run({{"payload", std::string(4000, 'A')}, {"contentFormat", "opaque"}}).body;
    EXPECT_EQ(verdict["admitted"], false);
    EXPECT_EQ(verdict["refusedBy"]["cause"], "TOO_LARGE");
    EXPECT_TRUE(verdict["refusedBy"]["scope"].is_null());
}

TEST_F(DryRunRoutes, mistakes_are_problem_documents) {
    add_meter("tiny");
    EXPECT_EQ(run({{"externalId", "x@y.z"}}).status, 404);
    EXPECT_EQ(run({{"externalId", "x"}}).status, 400);
    EXPECT_EQ(run({{"externalId", nullptr}}).status, 400);
    EXPECT_EQ(run({{"payload", "AQI="}}).status, 400) << "no CoAP";
    EXPECT_EQ(run({{"colour", "red"}}).status, 400);
    EXPECT_EQ(dut.call("POST", "/api/v1/messages:dryRun", message_body).status, 400);
    EXPECT_EQ(dut.call("GET", "/api/v1/messages:dryRun").status, 405);
}

}  // namespace
}  // namespace scef::adapter::test
