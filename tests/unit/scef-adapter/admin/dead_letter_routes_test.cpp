#include <set>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string letters = "/api/v1/deadletters";

std::shared_ptr<const Config> config_of_dead_letters() {
    auto config = std::make_shared<Config>(*small_config());
    config->profiles["nb-iot"].reachability.kind = ReachabilityConfig::Kind::always;
    return config;
}

class DeadLetterRoutes : public testing::Test {
protected:
    DeadLetterRoutes() { add("meter-1@iot.example"); }

    void add(const std::string& device, const std::string& group = "") {
        json body{{"externalId", device}};
        if (!group.empty()) body["groups"] = json::array({group});
        ASSERT_EQ(dut.call("POST", "/api/v1/devices", body.dump()).status, 201);
        dut.shards.answer_configuration(*ExternalId::parse(device));
    }
    /// The id of a message that the SCEF refused as often as it may be tried.
    std::string dead(const std::string& device, const std::string& more = "") {
        const Answer answer = dut.call("POST", "/api/v1/devices/" + device + "/messages",
                                       R"({"payload":")" + get_manufacturer +
                                           R"(","maxAttempts":1,"priority":"high")" + more + "}");
        EXPECT_EQ(answer.status, 201) << answer.text;
        nidd::T8Answer failed;
        failed.transport = nidd::T8Answer::Transport::answered;
        failed.status = 500;
        failed.body = R"({"problemDetail":{"status":500,"cause":"SYSTEM_FAILURE"}})";
        dut.shards.handle(ExternalId::parse(device)->shard(4),
                          T8Completion{dut.shards.calls.back().operation, failed});
        return answer.body["id"];
    }
    json shown(const std::string& id) { return dut.call("GET", "/api/v1/messages/" + id).body; }
    Answer replay(const std::string& id, const std::string& body = "") {
        return dut.call("POST", letters + '/' + id + ":replay", body);
    }

    ApiUnderTest dut{{}, config_of_dead_letters()};
};

TEST_F(DeadLetterRoutes, a_message_whose_attempts_are_exhausted_is_listed_with_what_judges_it) {
    const std::string id = dead("meter-1@iot.example");
    ASSERT_EQ(shown(id)["state"], "DEAD");
    const json listed = dut.call("GET", letters).body;
    ASSERT_EQ(listed["items"].size(), 1U);
    const json& letter = listed["items"][0];
    EXPECT_EQ(letter["id"], id);
    EXPECT_EQ(letter["externalId"], "meter-1@iot.example");
    EXPECT_EQ(letter["reason"], "attempts");
    EXPECT_EQ(letter["request"], "GET /3/0/0");
    EXPECT_TRUE(letter["detail"].get<std::string>().find("500") != std::string::npos ||
                letter["detail"].get<std::string>().find("SYSTEM_FAILURE") != std::string::npos)
        << letter["detail"];
    EXPECT_EQ(letter["endedAt"], to_rfc3339(dut.shards.wall));
    EXPECT_TRUE(letter["replayedAs"].is_null());
    EXPECT_TRUE(listed["next"].is_null());
}

TEST_F(DeadLetterRoutes, a_replay_is_a_new_message_once_however_often_it_is_asked_for) {
    const std::string id = dead("meter-1@iot.example", R"(,"correlationId":"job","ttl":"2h")");
    const Answer first = replay(id);
    ASSERT_EQ(first.status, 201) << first.text;
    const std::string again = first.body["id"];
    EXPECT_NE(again, id);
    EXPECT_EQ(first.headers.at("Location"), "/api/v1/messages/" + again);
    EXPECT_EQ(first.body["replayOf"], id);
    EXPECT_EQ(first.body["correlationId"], "job");
    EXPECT_EQ(first.body["priority"], "high");
    EXPECT_EQ(first.body["request"], "GET /3/0/0");
    EXPECT_EQ(first.body["expiresAt"], to_rfc3339(dut.shards.wall + std::chrono::hours(2)));
    EXPECT_EQ(shown(id)["replayedAs"], again);

    const Answer second = replay(id);
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.body["id"], again);
    dut.shards.wall += std::chrono::hours(25);  // Idempotency-Keys are forgotten
    EXPECT_EQ(replay(id).body["id"], again);
    EXPECT_EQ(dut.call("GET", letters).body["items"][0]["replayedAs"], again);
    EXPECT_EQ(dut.call("GET", letters + "?replayed=false").body["items"].size(), 0U);
    EXPECT_EQ(dut.call("GET", letters + "?replayed=true").body["items"].size(), 1U);
}

TEST_F(DeadLetterRoutes, a_replay_may_be_given_other_times_and_another_priority) {
    const std::string id = dead("meter-1@iot.example");
    EXPECT_EQ(replay(id, R"({"payload":"AQ=="})").status, 400);
    EXPECT_EQ(replay(id, R"({"ttl":"1h","notBefore":"2026-12-18T00:00:00Z"})").status, 400);
    const Answer answer =
        replay(id, R"({"ttl":"1h","notBefore":"2025-12-18T00:30:00Z","priority":"low"})");
    ASSERT_EQ(answer.status, 201) << answer.text;
    EXPECT_EQ(answer.body["priority"], "low");
    EXPECT_EQ(answer.body["notBefore"], "2025-12-18T00:30:00.000Z");
}

TEST_F(DeadLetterRoutes, what_may_have_been_delivered_or_was_ended_by_a_person_is_not_replayed) {
    dut.call("POST", "/api/v1/devices/meter-1@iot.example:pause");
    const std::string path = "/api/v1/devices/meter-1@iot.example/messages";
    const std::string open = dut.call("POST", path, message_body).body["id"];
    EXPECT_EQ(replay(open).status, 409) << "it has not ended";
    dut.call("DELETE", "/api/v1/messages/" + open);
    EXPECT_EQ(replay(open).status, 409);
    EXPECT_EQ(replay("019b8f3a-7c40-7000-8000-0123456789ab").status, 404);
    EXPECT_EQ(replay("x").status, 404);

    const std::string expired =
        dut.call("POST", path, R"({"payload":")" + get_manufacturer + R"(","ttl":1})").body["id"];
    dut.shards.now += std::chrono::seconds(2);
    dut.shards.wall += std::chrono::seconds(2);
    dut.shards.handle(ExternalId::parse("meter-1@iot.example")->shard(4), TimePassed{});
    ASSERT_EQ(shown(expired)["state"], "EXPIRED");
    EXPECT_EQ(replay(expired).status, 201);
    dut.call("DELETE", path);
    dut.call("POST", "/api/v1/devices/meter-1@iot.example:resume");
    const std::string gone = dead("meter-1@iot.example");
    dut.call("DELETE", "/api/v1/devices/meter-1@iot.example");
    EXPECT_EQ(replay(gone).status, 409);
    EXPECT_EQ(dut.call("GET", letters).body["items"][0]["externalId"], "meter-1@iot.example");
}

TEST_F(DeadLetterRoutes, many_are_replayed_by_id_by_device_by_group_or_all) {
    add("meter-2@iot.example", "north");
    add("meter-3@iot.example", "north");
    std::vector<std::string> ids;
    for (const char* device : {"meter-1", "meter-2", "meter-3"}) {
        ids.push_back(dead(std::string(device) + "@iot.example"));
    }
    EXPECT_EQ(dut.call("GET", letters + "?group=north").body["items"].size(), 2U);
    EXPECT_EQ(dut.call("GET", letters + "?externalId=meter-1@iot.example").body["items"].size(),
              1U);
    const auto many = [&](const std::string& body) {
        return dut.call("POST", letters + ":replay", body);
    };
    EXPECT_EQ(many("{}").status, 400);
    EXPECT_EQ(many(R"({"all":false})").status, 400);
    EXPECT_EQ(many(R"({"all":true,"group":"north"})").status, 400);
    const json by_id =
        many(json{{"ids", {ids[0], "019b8f3a-7c40-7000-8000-0123456789ab"}}}.dump()).body["items"];
    EXPECT_EQ(by_id[0]["status"], 201);
    EXPECT_EQ(shown(by_id[0]["replayedAs"])["replayOf"], ids[0]);
    EXPECT_EQ(by_id[1]["status"], 404);
    const json by_group = many(R"({"group":"north","ttl":"3h"})").body;
    EXPECT_EQ(by_group["items"].size(), 2U);
    EXPECT_EQ(by_group["more"], false);
    EXPECT_EQ(many(R"({"all":true})").body["items"].size(), 0U) << "all were replayed";
}

TEST_F(DeadLetterRoutes, pages_follow_each_other) {
    std::set<std::string> ids;
    for (int i = 2; i < 9; ++i) {
        const std::string device = "meter-" + std::to_string(i) + "@iot.example";
        add(device);
        ids.insert(dead(device));
        dut.shards.wall += std::chrono::seconds(1);
    }
    replay(*ids.begin());
    std::set<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 20; ++pages) {
        const json page = dut.call("GET", letters + "?limit=2" + cursor).body;
        EXPECT_LE(page["items"].size(), 2U);
        for (const json& item : page["items"]) {
            EXPECT_TRUE(seen.insert(item["id"].get<std::string>()).second) << "twice";
            EXPECT_EQ(item["replayedAs"].is_null(), item["id"] != *ids.begin());
        }
        if (page["next"].is_null()) break;
        cursor = "&cursor=" + page["next"].get<std::string>();
    }
    EXPECT_EQ(seen, ids);
    EXPECT_EQ(dut.call("GET", letters + "?cursor=abc").status, 400);
}

}  // namespace
}  // namespace scef::adapter::test
