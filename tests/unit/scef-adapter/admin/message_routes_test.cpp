#include <set>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string meter = "/api/v1/devices/meter-1@iot.example";
const std::string messages = meter + "/messages";

std::shared_ptr<const Config> config_with_quota() {
    auto config = std::make_shared<Config>(*small_config());
    QuotaConfig quota;
    quota.downlink.messages = {{{1, std::chrono::hours(1)}, 1}};
    quota.emergency_reserve = 0;
    quota.on_exhausted = QuotaConfig::OnExhausted::reject;
    config->quotas["tiny"] = quota;
    return config;
}

/// Names of two devices that one shard of four has.
std::pair<std::string, std::string> two_of_a_shard() {
    const auto id_of = [](int i) { return "meter-" + std::to_string(i) + "@iot.example"; };
    const auto shard_of = [&](int i) { return ExternalId::parse(id_of(i))->shard(4); };
    int i = 2;
    while (shard_of(i) != shard_of(1)) ++i;
    return {id_of(1), id_of(i)};
}

class MessageRoutes : public testing::Test {
protected:
    MessageRoutes() { dut.add_device("meter-1@iot.example"); }

    Answer enqueue(const std::string& body = message_body, const std::string& key = "") {
        auto request = dut.request("POST", messages, body);
        if (!key.empty()) request.headers["idempotency-key"] = key;
        return dut.send(request);
    }
    std::string path_of(const Answer& answer) {
        return "/api/v1/messages/" + answer.body["id"].get<std::string>();
    }

    ApiUnderTest dut;
};

TEST_F(MessageRoutes, a_message_is_enqueued_and_shown) {
    const Answer answer = enqueue(R"({"payload":")" + get_manufacturer +
                                  R"(","ttl":"2h","priority":"high","correlationId":"job"})");
    ASSERT_EQ(answer.status, 201) << answer.text;
    EXPECT_EQ(answer.headers.at("Location"), path_of(answer));
    const json& message = answer.body;
    EXPECT_EQ(message["externalId"], "meter-1@iot.example");
    EXPECT_EQ(message["state"], "QUEUED");
    EXPECT_EQ(message["reason"], "configuration");
    EXPECT_EQ(message["level"], "none");
    EXPECT_EQ(message["operation"], "read");
    EXPECT_EQ(message["priority"], "high");
    EXPECT_EQ(message["correlationId"], "job");
    EXPECT_EQ(message["origin"], "api");
    EXPECT_EQ(message["createdAt"], "2025-12-18T00:00:00.000Z");
    EXPECT_EQ(message["expiresAt"], "2025-12-18T02:00:00.000Z");
    EXPECT_TRUE(message["response"].is_null());
    EXPECT_EQ(dut.call("GET", path_of(answer)).body, message);
}

TEST_F(MessageRoutes, one_behind_another_waits_for_its_turn) {
    enqueue();
    EXPECT_EQ(enqueue().body["reason"], "order");
}

TEST_F(MessageRoutes, refusals_are_problem_documents) {
    EXPECT_EQ(enqueue("{}").status, 400);
    EXPECT_EQ(enqueue(R"({"payload":"AQI="})").status, 400) << "no CoAP";
    EXPECT_EQ(enqueue(R"({"payload":"AQI=","contentFormat":"opaque"})").status, 201);
    EXPECT_EQ(dut.call("POST", "/api/v1/devices/x@y.z/messages", message_body).status, 404);
    EXPECT_EQ(enqueue(message_body, "a\tb").status, 400);
}

TEST_F(MessageRoutes, the_same_key_gives_the_same_message_and_another_body_422) {
    const Answer first = enqueue(message_body, "key-1");
    const Answer again = enqueue(message_body, "key-1");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body["id"], first.body["id"]);
    const Answer reused = enqueue(R"({"payload":"AQI=","contentFormat":"opaque"})", "key-1");
    EXPECT_EQ(reused.status, 422);
    EXPECT_EQ(reused.body["cause"], "KEY_REUSED");
    EXPECT_NE(enqueue(message_body, "key-2").body["id"], first.body["id"]);
}

TEST_F(MessageRoutes, a_key_outlives_its_message) {
    const Answer first = enqueue(message_body, "key-1");
    dut.call("DELETE", path_of(first));
    const Answer again = enqueue(message_body, "key-1");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body["id"], first.body["id"]);
    EXPECT_EQ(again.body["state"], "CANCELED");
}

TEST_F(MessageRoutes, a_full_queue_says_when_to_come_again) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(enqueue().status, 201);
    const Answer full = enqueue();
    EXPECT_EQ(full.status, 429);
    EXPECT_EQ(full.body["cause"], "QUEUE_FULL");
    EXPECT_GT(std::stoi(full.headers.at("Retry-After")), 0);
}

TEST(MessageRoutesWithQuota, a_used_up_quota_says_when_to_come_again) {
    ApiUnderTest dut({}, config_with_quota());
    dut.call("POST", "/api/v1/devices",
             R"({"externalId":"meter-1@iot.example","quota":"tiny","profile":"always-on"})");
    dut.shards.answer_configuration(*ExternalId::parse("meter-1@iot.example"));
    ASSERT_EQ(dut.call("POST", messages, message_body).body["state"], "SENDING");
    const Answer refused = dut.call("POST", messages, message_body);
    ASSERT_EQ(refused.status, 429) << refused.text;
    EXPECT_EQ(refused.body["cause"], "QUOTA_EXCEEDED");
    EXPECT_EQ(refused.headers.at("Retry-After"), "3600");
    EXPECT_EQ(refused.body["scope"], "device:meter-1@iot.example");
    EXPECT_EQ(refused.body["resetsAt"], "2025-12-18T01:00:00.000Z");
    EXPECT_EQ(refused.headers.at("RateLimit-Policy"), R"("downlink-messages";q=1;w=3600)");
    EXPECT_EQ(refused.headers.at("RateLimit"), R"("downlink-messages";r=0;t=3600)");
}

TEST(MessageRoutesWithQuota, what_is_taken_says_what_is_left) {
    ApiUnderTest dut({}, config_with_quota());
    dut.call("POST", "/api/v1/devices", R"({"externalId":"meter-1@iot.example","quota":"tiny"})");
    const Answer taken = dut.call("POST", messages, message_body);
    EXPECT_EQ(taken.status, 201);
    EXPECT_EQ(taken.headers.at("RateLimit"), R"("downlink-messages";r=1;t=0)");
    EXPECT_EQ(taken.headers.at("RateLimit-Policy"), R"("downlink-messages";q=1;w=3600)");
    dut.add_device("meter-2@iot.example");
    const Answer unlimited =
        dut.call("POST", "/api/v1/devices/meter-2@iot.example/messages", message_body);
    EXPECT_EQ(unlimited.status, 201);
    EXPECT_FALSE(unlimited.headers.contains("RateLimit"));
}

TEST(MessageRoutesWithQuota, a_used_up_shared_scope_is_named) {
    auto config = std::make_shared<Config>(*config_with_quota());
    config->scefs[0].quota = "tiny";
    ApiUnderTest dut({}, config);
    const auto send = [&](const std::string& id) {
        return dut.call("POST", "/api/v1/devices/" + id + "/messages", message_body);
    };
    const auto [one, other] = two_of_a_shard();
    for (const std::string& id : {one, other}) {
        dut.call("POST", "/api/v1/devices",
                 R"({"profile":"always-on","externalId":")" + id + "\"}");
        dut.shards.answer_configuration(*ExternalId::parse(id));
    }
    const Answer first = send(one);
    ASSERT_EQ(dut.call("GET", "/api/v1/messages/" + std::string(first.body["id"])).body["state"],
              "SENDING");
    const Answer second = send(other);  // finds it out
    EXPECT_EQ(dut.call("GET", "/api/v1/messages/" + std::string(second.body["id"])).body["state"],
              "REJECTED");
    const Answer refused = send(other);
    ASSERT_EQ(refused.status, 429) << refused.text;
    EXPECT_EQ(refused.body["scope"], "scef:operator-a");
    const std::string wait = refused.headers.at("Retry-After");
    EXPECT_EQ(refused.headers.at("RateLimit"), R"("scef:operator-a";r=0;t=)" + wait);
    EXPECT_FALSE(refused.headers.contains("RateLimit-Policy"));
}

TEST_F(MessageRoutes, a_canceled_message_stays_visible_with_its_timeline) {
    const Answer queued = enqueue();
    const Answer canceled = dut.call("DELETE", path_of(queued));
    EXPECT_EQ(canceled.status, 200);
    EXPECT_EQ(canceled.body["state"], "CANCELED");
    EXPECT_EQ(canceled.body["reason"], "canceled");
    EXPECT_EQ(dut.call("GET", path_of(queued)).body, canceled.body);
    EXPECT_EQ(dut.call("DELETE", path_of(queued)).status, 409);
    const json items = dut.call("GET", path_of(queued) + "/timeline").body["items"];
    ASSERT_GE(items.size(), 2U);
    EXPECT_EQ(items.front()["state"], "QUEUED");
    EXPECT_EQ(items.front()["detail"], "read");
    EXPECT_EQ(items.back()["state"], "CANCELED");
}

TEST_F(MessageRoutes, octets_that_are_no_coap_have_no_request_but_a_word) {
    const Answer queued =
        dut.call("POST", messages, R"({"payload":"AQI=","contentFormat":"opaque"})");
    ASSERT_EQ(queued.status, 201) << queued.text;
    EXPECT_EQ(queued.body["operation"], "opaque");
    EXPECT_TRUE(queued.body["request"].is_null());
    const json items = dut.call("GET", path_of(queued) + "/timeline").body["items"];
    EXPECT_EQ(items.front()["detail"], "opaque");
}

TEST_F(MessageRoutes, unknown_messages_are_404) {
    for (const char* id : {"nonsense", "019b8f3a-7c40-7000-8000-0123456789ab",
                           "019b8f3a-7c40-7fff-bfff-0123456789ab"}) {
        const std::string path = std::string("/api/v1/messages/") + id;
        EXPECT_EQ(dut.call("GET", path).status, 404) << id;
        EXPECT_EQ(dut.call("DELETE", path).status, 404) << id;
        EXPECT_EQ(dut.call("GET", path + "/timeline").status, 404) << id;
    }
}

TEST_F(MessageRoutes, a_purge_cancels_what_waits) {
    enqueue();
    enqueue();
    EXPECT_EQ(dut.call("DELETE", messages).body["canceled"], 2);
    EXPECT_EQ(dut.call("DELETE", messages).body["canceled"], 0);
    const json list = dut.call("GET", messages).body;
    ASSERT_EQ(list["items"].size(), 2U);
    for (const json& item : list["items"]) EXPECT_EQ(item["reason"], "purged");
    EXPECT_EQ(dut.call("DELETE", "/api/v1/devices/x@y.z/messages").status, 404);
}

TEST_F(MessageRoutes, a_replacement_supersedes_what_waits_and_says_how_much) {
    const Answer first = enqueue();
    enqueue();
    const Answer newer = dut.call("PUT", messages, message_body);
    ASSERT_EQ(newer.status, 201) << newer.text;
    EXPECT_EQ(newer.body["superseded"], 2);
    EXPECT_EQ(newer.headers.at("Location"), path_of(newer));
    const json old = dut.call("GET", path_of(first)).body;
    EXPECT_EQ(old["state"], "SUPERSEDED");
    EXPECT_EQ(old["reason"], "superseded");
    EXPECT_EQ(old["supersededBy"], newer.body["id"]);
    const json items = dut.call("GET", path_of(first) + "/timeline").body["items"];
    EXPECT_EQ(items.back()["detail"], "by " + newer.body["id"].get<std::string>());
    EXPECT_TRUE(dut.call("GET", path_of(newer)).body["supersededBy"].is_null());
    EXPECT_EQ(dut.call("PUT", "/api/v1/devices/x@y.z/messages", message_body).status, 404);
    EXPECT_EQ(dut.call("PUT", messages, "{}").status, 400);
}

TEST_F(MessageRoutes, the_same_key_replaces_once_and_is_not_that_of_an_enqueuing) {
    auto request = dut.request("PUT", messages, message_body);
    request.headers["idempotency-key"] = "key-1";
    const Answer first = dut.send(request);
    const Answer later = enqueue();
    const Answer again = dut.send(request);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body["id"], first.body["id"]);
    EXPECT_EQ(dut.call("GET", path_of(later)).body["state"], "QUEUED");
    EXPECT_EQ(enqueue(message_body, "key-1").status, 422);
}

TEST_F(MessageRoutes, a_collapse_key_supersedes_its_own_only) {
    const std::string keyed = R"({"payload":")" + get_manufacturer + R"(","collapseKey":"k"})";
    const Answer other = enqueue();
    const Answer first = enqueue(keyed);
    EXPECT_EQ(first.body["collapseKey"], "k");
    enqueue(keyed);
    EXPECT_EQ(dut.call("GET", path_of(first)).body["state"], "SUPERSEDED");
    EXPECT_EQ(dut.call("GET", path_of(other)).body["state"], "QUEUED");
}

/// Ids of all pages of a list, in order.
std::vector<std::string> all_ids(ApiUnderTest& dut, const std::string& target) {
    std::vector<std::string> ids;
    std::string cursor;
    for (int page = 0; page < 50; ++page) {
        const Answer answer = dut.call("GET", target + cursor);
        EXPECT_EQ(answer.status, 200);
        for (const json& item : answer.body["items"]) ids.push_back(item["id"]);
        if (answer.body["next"].is_null()) break;
        cursor = "&cursor=" + answer.body["next"].get<std::string>();
    }
    return ids;
}

TEST_F(MessageRoutes, a_list_has_open_ones_by_age_then_ended_ones_newest_first) {
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(enqueue().body["id"]);
        if (i < 3) dut.call("DELETE", "/api/v1/messages/" + ids.back());
        dut.shards.wall += std::chrono::seconds(1);
    }
    const std::vector<std::string> expected{ids[3], ids[4], ids[2], ids[1], ids[0]};
    for (const char* limit : {"1", "2", "3", "100"}) {
        EXPECT_EQ(all_ids(dut, messages + "?limit=" + limit), expected) << limit;
    }
    EXPECT_EQ(all_ids(dut, messages + "?state=QUEUED&limit=1"),
              (std::vector<std::string>{ids[3], ids[4]}));
    EXPECT_EQ(all_ids(dut, messages + "?state=CANCELED&limit=2"),
              (std::vector<std::string>{ids[2], ids[1], ids[0]}));
}

TEST_F(MessageRoutes, the_list_of_all_visits_every_message_of_every_device_once) {
    std::set<std::string> expected;
    for (int i = 0; i < 8; ++i) {
        const std::string id = "d" + std::to_string(i) + "@iot.example";
        dut.add_device(id);
        for (int j = 0; j < 3; ++j) {
            const Answer made =
                dut.call("POST", "/api/v1/devices/" + id + "/messages", message_body);
            expected.insert(made.body["id"].get<std::string>());
            if (j == 0) dut.call("DELETE", path_of(made));
        }
    }
    for (const char* limit : {"1", "5", "1000"}) {
        const auto ids = all_ids(dut, std::string("/api/v1/messages?limit=") + limit);
        EXPECT_EQ(ids.size(), expected.size());
        EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), expected);
    }
    EXPECT_EQ(all_ids(dut, "/api/v1/messages?state=CANCELED&limit=3").size(), 8U);
}

TEST_F(MessageRoutes, ended_messages_outlive_their_device) {
    const Answer queued = enqueue();
    dut.call("DELETE", meter);
    const Answer ended = dut.call("GET", path_of(queued));
    EXPECT_EQ(ended.status, 200);
    EXPECT_EQ(ended.body["reason"], "device-removed");
    EXPECT_TRUE(ended.body["externalId"].is_null());
    EXPECT_EQ(dut.call("GET", messages).status, 404);
}

TEST_F(MessageRoutes, bad_cursors_and_states_are_refused) {
    for (const std::string query : {"state=queued", "state=", "cursor=x", "cursor=byA5OSAwIHg",
                                    "cursor=ZCAwIDA", "limit=2000"}) {
        EXPECT_EQ(dut.call("GET", messages + "?" + query).status, 400) << query;
        EXPECT_EQ(dut.call("GET", "/api/v1/messages?" + query).status, 400) << query;
    }
}

}  // namespace
}  // namespace scef::adapter::test
