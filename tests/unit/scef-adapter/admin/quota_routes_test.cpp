#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string quotas = "/api/v1/quotas/";
const std::string meter = "device:meter-1@iot.example";
const std::string messages = "/api/v1/devices/meter-1@iot.example/messages";

/// `metered`: one message an hour, two at once, 1000 octets an hour. The account has `wide`.
std::shared_ptr<const Config> config_with_quotas() {
    auto config = std::make_shared<Config>(*small_config());
    QuotaConfig metered;
    metered.downlink.messages = {{{1, std::chrono::hours(1)}, 2}};
    metered.downlink.allowances = {{1000, {}, quota::Unit::octets, false}};
    metered.emergency_reserve = 0.1;
    config->quotas["metered"] = metered;
    QuotaConfig wide;
    wide.downlink.messages = {{{60, std::chrono::minutes(1)}, 8}};
    wide.on_exhausted = QuotaConfig::OnExhausted::reject;
    wide.emergency_reserve = 0;
    config->quotas["wide"] = wide;
    config->quota_scopes.account = "wide";
    return config;
}

class QuotaRoutes : public testing::Test {
protected:
    QuotaRoutes() { pass(std::chrono::minutes(15)); }

    void pass(Duration time) {
        dut.shards.now += time;
        dut.shards.wall += time;
    }
    /// One whose configuration is active and that is always reachable.
    void add_meter(const std::string& more = R"("quota":"metered")") {
        dut.call("POST", "/api/v1/devices",
                 R"({"externalId":"meter-1@iot.example","profile":"always-on",)" + more + "}");
        dut.shards.answer_configuration(*ExternalId::parse("meter-1@iot.example"));
    }
    json get(const std::string& scope) {
        const Answer answer = dut.call("GET", quotas + scope);
        EXPECT_EQ(answer.status, 200) << answer.text;
        return answer.body;
    }
    Answer put(const std::string& scope, const std::string& body) {
        return dut.call("PUT", quotas + scope, body);
    }

    ApiUnderTest dut{{}, config_with_quotas()};
};

TEST_F(QuotaRoutes, a_device_has_its_limits_and_what_is_used_of_them) {
    add_meter();
    dut.call("POST", messages, R"({"payload":"AQIDBA==","contentFormat":"opaque"})");
    const json shown = get(meter);
    EXPECT_EQ(shown["scope"], meter);
    EXPECT_EQ(shown["quota"], "metered");
    EXPECT_EQ(shown["source"], "api");
    EXPECT_EQ(shown["onExhausted"], "wait");
    EXPECT_EQ(shown["emergencyReserve"], 0.1);
    const json& down = shown["downlink"];
    EXPECT_EQ(down["configured"],
              json::parse(R"([{"name":"1 messages per hour, 2 at once","unit":"messages",
                  "limit":2,"used":1,"remaining":1,"resetsAt":"2025-12-18T01:15:00.000Z",
                  "forecastExhaustedAt":null},
                 {"name":"1000 octets per hour","unit":"octets","limit":1000,"used":4,
                  "remaining":996,"resetsAt":"2025-12-18T01:00:00.000Z",
                  "forecastExhaustedAt":null}])"));
    EXPECT_EQ(down["effective"], down["configured"]);
    EXPECT_EQ(down["learned"], json::array());
    EXPECT_EQ(down["totals"], json::parse(R"({"messages":1,"octets":4})"));
    EXPECT_EQ(shown["uplink"]["configured"], json::array());
}

TEST_F(QuotaRoutes, time_that_passes_without_any_event_counts) {
    add_meter();
    dut.call("POST", messages, R"({"payload":"AQIDBA==","contentFormat":"opaque"})");
    pass(std::chrono::hours(2));
    const json limits = get(meter)["downlink"]["configured"];
    for (const json& limit : limits) EXPECT_EQ(limit["used"], 0) << limit;
    EXPECT_EQ(limits[0]["resetsAt"], "2025-12-18T02:15:00.000Z");
    EXPECT_EQ(limits[1]["resetsAt"], "2025-12-18T03:00:00.000Z");
}

TEST_F(QuotaRoutes, a_scope_without_quota_has_none) {
    for (const char* scope : {"group:meters", "scef:operator-a"}) {
        const json shown = get(scope);
        EXPECT_TRUE(shown["quota"].is_null()) << scope;
        EXPECT_TRUE(shown["onExhausted"].is_null()) << scope;
        EXPECT_EQ(shown["source"], "configuration") << scope;
        EXPECT_EQ(shown["downlink"]["configured"], json::array()) << scope;
    }
}

TEST_F(QuotaRoutes, what_is_not_there_is_404_and_what_is_no_scope_400) {
    for (const auto& [scope, status] :
         {std::pair{"device:x@y.z", 404}, std::pair{"scef:nobody", 404}, std::pair{"device:x", 400},
          std::pair{"group:", 400}, std::pair{"accounts", 400}}) {
        EXPECT_EQ(dut.call("GET", quotas + scope).status, status) << scope;
        EXPECT_EQ(put(scope, R"({"quota":"wide"})").status, status) << scope;
    }
}

TEST_F(QuotaRoutes, a_shared_scope_has_what_all_shards_used_and_hold) {
    add_meter(R"("quota":"default")");
    dut.call("POST", messages, R"({"payload":"AQIDBA==","contentFormat":"opaque"})");
    const json shown = get("account");
    EXPECT_EQ(shown["quota"], "wide");
    EXPECT_EQ(shown["source"], "configuration");
    EXPECT_EQ(shown["onExhausted"], "reject");
    const json& down = shown["downlink"];
    EXPECT_EQ(down["configured"][0]["name"], "60 messages per minute, 8 at once");
    EXPECT_GE(down["configured"][0]["used"], 1);
    EXPECT_GE(down["leased"]["messages"].get<int>() + down["totals"]["messages"].get<int>(), 1);
    EXPECT_FALSE(down.contains("learned"));
}

TEST_F(QuotaRoutes, a_device_is_given_another_quota_by_name_and_back) {
    add_meter(R"("quota":"default")");
    const Answer given = put(meter, R"({"quota":"metered"})");
    ASSERT_EQ(given.status, 200) << given.text;
    EXPECT_EQ(given.body, get(meter));
    EXPECT_EQ(given.body["quota"], "metered");
    const Answer back = put(meter, R"({"quota":null})");
    EXPECT_EQ(back.body["quota"], "default");
    EXPECT_EQ(back.body["source"], "configuration");
    EXPECT_EQ(back.body["downlink"]["configured"], json::array());
}

TEST_F(QuotaRoutes, limits_of_its_own_are_shown_as_they_were_given) {
    add_meter();
    const std::string limits =
        R"({"on_exhausted":"reject","downlink":{"messages":"10/hour","burst":5}})";
    const Answer given = put(meter, limits);
    ASSERT_EQ(given.status, 200) << given.text;
    EXPECT_EQ(given.body["quota"], json::parse(limits));
    EXPECT_EQ(given.body["onExhausted"], "reject");
    EXPECT_EQ(given.body["downlink"]["configured"][0]["name"], "10 messages per hour, 5 at once");
    EXPECT_EQ(put(meter, json{{"quota", json::parse(limits)}}.dump()).body, given.body);
    const json device = dut.call("GET", "/api/v1/devices/meter-1@iot.example").body;
    EXPECT_EQ(device["quota"], json::parse(limits));
}

TEST_F(QuotaRoutes, a_device_can_be_provisioned_with_limits_of_its_own) {
    const std::string body =
        R"({"externalId":"m@iot.example","quota":{"downlink":{"messages":"7/day"}}})";
    EXPECT_EQ(dut.call("POST", "/api/v1/devices", body).status, 201);
    EXPECT_EQ(dut.call("POST", "/api/v1/devices", body).status, 200) << "the same again";
    const Answer wrong =
        dut.call("POST", "/api/v1/devices",
                 R"({"externalId":"n@iot.example","quota":{"downlink":{"mesages":"7/day"}}})");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_NE(wrong.body["detail"].get<std::string>().find("downlink.mesages"), std::string::npos)
        << wrong.text;
}

TEST_F(QuotaRoutes, a_shared_scope_is_given_another_quota_in_every_shard) {
    const Answer given = put("group:meters", R"({"downlink":{"messages":"5/minute"}})");
    ASSERT_EQ(given.status, 200) << given.text;
    EXPECT_EQ(given.body["source"], "api");
    EXPECT_EQ(given.body["downlink"]["configured"][0]["name"], "5 messages per minute");
    for (ShardId shard = 0; shard < dut.shards.shards(); ++shard) {
        dut.shards.query(shard, [&](const Engine& engine, const Turn& turn) {
            const auto time = engine.quota_time(turn);
            EXPECT_TRUE(engine.scope_quotas().view("group:meters", time).is_given) << shard;
        });
    }
    EXPECT_EQ(put("group:meters", R"({"downlink":{"messages":"5/minute"}})").body, given.body);
    EXPECT_TRUE(put("group:meters", R"({"quota":null})").body["quota"].is_null());
    EXPECT_EQ(put("account", R"({"quota":"metered"})").body["source"], "api");
    EXPECT_EQ(put("account", R"({"quota":null})").body["quota"], "wide");
}

TEST_F(QuotaRoutes, no_limits_at_all_is_a_quota_too) {
    const Answer given = put("account", "{}");
    EXPECT_EQ(given.body["quota"], json::object());
    EXPECT_EQ(given.body["source"], "api");
    EXPECT_EQ(given.body["downlink"]["configured"], json::array());
}

TEST_F(QuotaRoutes, mistakes_name_the_key) {
    add_meter();
    const auto detail = [&](const std::string& scope, const std::string& body) {
        const Answer answer = put(scope, body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.content_type, "application/problem+json") << body;
        return answer.body.value("detail", "");
    };
    for (const std::string& scope : {meter, std::string("account")}) {
        for (const auto& [body, key] :
             {std::pair{R"({"quota":"no such"})", "quota"}, std::pair{R"({"quota":7})", "quota"},
              std::pair{R"({"quota":"{}"})", "quota"}, std::pair{R"({"quota":""})", "quota"},
              std::pair{R"({"downlink":{"messages":"10"}})", "downlink.messages"},
              std::pair{R"({"downLink":{}})", "downLink"},
              std::pair{R"({"time_zone":"Mars/Olympus"})", "time_zone"},
              std::pair{R"({"quota":"wide","on_exhausted":"wait"})", "quota"}}) {
            EXPECT_NE(detail(scope, body).find(key), std::string::npos) << detail(scope, body);
        }
    }
    const std::string exceptions = R"({"downlink":{"exceptions":"1/day"}})";
    EXPECT_NE(detail("account", exceptions).find("exceptions"), std::string::npos);
    EXPECT_EQ(put(meter, exceptions).status, 200);
    EXPECT_EQ(get("account")["quota"], "wide") << "nothing was changed";
}

TEST_F(QuotaRoutes, a_quota_that_is_too_long_is_refused) {
    const json body{{"downlink", {{"messages", std::string(5000, '1') + "/hour"}}}};
    EXPECT_EQ(put("account", body.dump()).status, 400);
}

TEST_F(QuotaRoutes, what_the_SCEF_said_is_shown) {
    add_meter();
    dut.call("POST", messages, message_body);
    nidd::T8Answer answer;
    answer.transport = nidd::T8Answer::Transport::answered;
    answer.status = 403;
    answer.body = R"({"cause":"QUOTA_EXCEEDED"})";
    answer.retry_after = std::chrono::minutes(10);  // a little is added
    const ShardId shard = ExternalId::parse("meter-1@iot.example")->shard(dut.shards.shards());
    dut.shards.handle(shard, T8Completion{dut.shards.calls.back().operation, answer});
    const json down = get(meter)["downlink"];
    const std::string until = down["exhaustedUntil"];
    EXPECT_TRUE("2025-12-18T00:25:00" <= until && until < "2025-12-18T00:27:00") << until;
    for (const json& limit : down["configured"]) EXPECT_EQ(limit["remaining"], 0) << limit;
}

}  // namespace
}  // namespace scef::adapter::test
