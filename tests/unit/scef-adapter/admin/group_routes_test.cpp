#include <set>

#include <gtest/gtest.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string north = "/api/v1/groups/north";

std::string meter(int i) { return "meter-" + std::to_string(i) + "@iot.example"; }

class GroupRoutes : public testing::Test {
protected:
    void add(int from, int to, const std::string& group = "north") {
        for (int i = from; i <= to; ++i) {
            json body{{"externalId", meter(i)}};
            if (!group.empty()) body["groups"] = json::array({group});
            ASSERT_EQ(dut.call("POST", "/api/v1/devices", body.dump()).status, 201);
        }
    }
    std::set<std::string> members(const std::string& group = north) {
        std::set<std::string> names;
        std::string cursor;
        do {
            const json page = dut.call("GET", group + "?limit=3" + cursor).body;
            EXPECT_LE(page["items"].size(), 3U);
            for (const json& item : page["items"]) {
                EXPECT_TRUE(names.insert(item["externalId"].get<std::string>()).second);
            }
            cursor = page["next"].is_string() ? "&cursor=" + page["next"].get<std::string>() : "";
        } while (!cursor.empty());
        return names;
    }
    Answer send(const std::string& body = message_body, const std::string& key = "") {
        auto request = dut.request("POST", north + "/messages", body);
        if (!key.empty()) request.headers["idempotency-key"] = key;
        return dut.send(request);
    }
    std::string results_of(const Answer& sent) { return sent.headers.at("Location"); }

    ApiUnderTest dut;
};

TEST_F(GroupRoutes, members_are_the_devices_that_name_the_group) {
    EXPECT_EQ(dut.call("GET", north).status, 404);
    add(1, 10);
    add(11, 12, "south");
    const json group = dut.call("GET", north).body;
    EXPECT_EQ(group["members"], 10);
    EXPECT_TRUE(group["pacing"].is_null());
    const auto names = members();
    EXPECT_EQ(names.size(), 10U);
    EXPECT_FALSE(names.contains(meter(11)));
    dut.call("DELETE", "/api/v1/devices/" + meter(3));
    dut.call("PUT", "/api/v1/devices/" + meter(4), R"({"groups":["south"]})");
    EXPECT_EQ(members().size(), 8U);
    EXPECT_EQ(dut.call("GET", "/api/v1/groups/south").body["members"], 3);
}

TEST_F(GroupRoutes, a_put_gives_a_group_exactly_these_members) {
    add(1, 4);
    add(5, 6, "");
    const json body{{"members", {meter(3), meter(4), meter(5), "x@y.example"}},
                    {"pacing", {{"perSecond", 0.5}, {"jitter", "30s"}}}};
    const Answer answer = dut.call("PUT", north, body.dump());
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.body["members"], 3);
    std::map<std::string, std::string> changes;
    for (const json& item : answer.body["items"]) {
        changes[item["externalId"]] =
            (item["status"] == 200 ? item["change"] : item["problem"]["cause"]).get<std::string>();
    }
    EXPECT_EQ(changes, (std::map<std::string, std::string>{{meter(1), "removed"},
                                                           {meter(2), "removed"},
                                                           {meter(3), "none"},
                                                           {meter(4), "none"},
                                                           {meter(5), "added"},
                                                           {"x@y.example", "NOT_FOUND"}}));
    EXPECT_EQ(members(), (std::set<std::string>{meter(3), meter(4), meter(5)}));
    const json shown = dut.call("GET", north).body["pacing"];
    EXPECT_EQ(shown["perSecond"], 0.5);
    EXPECT_EQ(shown["jitter"], 30.0);
    EXPECT_EQ(dut.call("GET", "/api/v1/devices/" + meter(5)).body["groups"], json({"north"}));
    EXPECT_EQ(dut.call("DELETE", north).status, 204);
    EXPECT_EQ(dut.call("DELETE", north).status, 404);
    EXPECT_EQ(dut.call("GET", "/api/v1/devices/" + meter(5)).body["groups"], json::array());
}

TEST_F(GroupRoutes, mistakes_name_their_member) {
    add(1, 1);
    const auto said = [&](const char* method, const std::string& path, const std::string& body) {
        const Answer answer = dut.call(method, path, body);
        EXPECT_EQ(answer.status, 400) << body;
        const std::string detail = answer.body["detail"];
        return detail.substr(0, detail.find(':'));
    };
    EXPECT_EQ(said("PUT", north, "{}"), "members");
    EXPECT_EQ(said("PUT", north, R"({"members":["no id"]})"), "members");
    EXPECT_EQ(said("PUT", north, R"({"members":["a@b.example","a@b.example"]})"), "members");
    EXPECT_EQ(said("PUT", north, R"({"members":[],"pacing":{"perSecond":0}})"), "pacing");
    EXPECT_EQ(said("PUT", north, R"({"members":[],"pacing":{"jitter":"soon"}})"), "pacing");
    const std::string payload = R"({"payload":")" + get_manufacturer + "\",";
    EXPECT_EQ(said("POST", north + "/messages", payload + R"("mode":"native"})"), "mode");
    EXPECT_EQ(said("POST", north + "/messages", R"({"mode":"fanout"})"), "payload");
    EXPECT_EQ(send(payload + R"("ttl":"10s","pacing":{"perSecond":10,"jitter":"10s"}})").status,
              400);
    EXPECT_EQ(dut.call("POST", "/api/v1/groups/nobody/messages", message_body).status, 404);
}

TEST_F(GroupRoutes, each_member_gets_one_message_and_is_listed_with_it) {
    add(1, 10);
    const Answer sent = send(R"({"payload":")" + get_manufacturer +
                             R"(","priority":"high","mode":"fanout","correlationId":"job"})");
    ASSERT_EQ(sent.status, 202) << sent.text;
    EXPECT_EQ(sent.body["members"], 10);
    const std::string job = sent.body["id"];
    EXPECT_EQ(results_of(sent), north + "/messages/" + job + "/results");
    const json results = dut.call("GET", results_of(sent)).body;
    EXPECT_EQ(results["fanOut"], "done");
    EXPECT_EQ(results["counts"], (json{{"QUEUED", 10}}));
    std::set<std::string> names;
    for (const json& item : results["items"]) {
        names.insert(item["externalId"]);
        const json message =
            dut.call("GET", "/api/v1/messages/" + item["id"].get<std::string>()).body;
        EXPECT_EQ(message["externalId"], item["externalId"]);
        EXPECT_EQ(message["groupMessage"], job);
        EXPECT_EQ(message["priority"], "high");
        EXPECT_EQ(message["correlationId"], "job");
    }
    EXPECT_EQ(names, members());
    EXPECT_EQ(dut.call("GET", "/api/v1/groups/south/messages/" + job + "/results").status, 404);
    EXPECT_EQ(dut.call("GET", north + "/messages/x/results").status, 404);
}

TEST_F(GroupRoutes, results_tell_of_refusals_and_ends_and_come_in_pages) {
    add(1, 9);
    dut.call("POST", "/api/v1/devices/" + meter(2) + ":pause");
    for (int i = 0; i < 5; ++i) {  // its queue is full
        dut.call("POST", "/api/v1/devices/" + meter(2) + "/messages", message_body);
    }
    const Answer sent = send();
    json first;
    const json all = dut.call("GET", results_of(sent)).body;
    for (const json& item : all["items"]) {
        if (item["id"].is_string()) first = item;
    }
    dut.call("DELETE", "/api/v1/messages/" + first["id"].get<std::string>());
    std::map<std::string, int> states;
    std::string cursor;
    json counts;
    do {
        const json page = dut.call("GET", results_of(sent) + "?limit=2" + cursor).body;
        EXPECT_EQ(page["counts"].is_null(), !cursor.empty()) << "counted once";
        if (cursor.empty()) counts = page["counts"];
        for (const json& item : page["items"]) {
            ++states[item["state"]];
            if (item["state"] == "REFUSED") {
                EXPECT_EQ(item["externalId"], meter(2));
                EXPECT_EQ(item["reason"], "QUEUE_FULL");
            }
            if (item["state"] == "CANCELED") EXPECT_EQ(item["id"], first["id"]);
        }
        cursor = page["next"].is_string() ? "&cursor=" + page["next"].get<std::string>() : "";
    } while (!cursor.empty());
    EXPECT_EQ(states, (std::map<std::string, int>{{"QUEUED", 7}, {"REFUSED", 1}, {"CANCELED", 1}}));
    EXPECT_EQ(counts, json(states));
}

TEST_F(GroupRoutes, a_message_that_is_canceled_ends_for_all_its_members) {
    add(1, 10);
    const Answer sent = send();
    const std::string message = north + "/messages/" + sent.body["id"].get<std::string>();
    dut.shards.wall += std::chrono::milliseconds(1);  // entries of the audit log lie in order
    const Answer canceled = dut.call("DELETE", message);
    ASSERT_EQ(canceled.status, 202) << canceled.text;
    EXPECT_EQ(canceled.body["id"], sent.body["id"]);
    EXPECT_EQ(canceled.body["fanOut"], "canceling");
    EXPECT_EQ(canceled.body["canceledAt"], to_rfc3339(dut.shards.wall));
    EXPECT_EQ(results_of(canceled), results_of(sent));
    const json results = dut.call("GET", results_of(sent)).body;
    EXPECT_EQ(results["fanOut"], "canceled");
    EXPECT_EQ(results["canceledAt"], canceled.body["canceledAt"]);
    EXPECT_EQ(results["counts"], (json{{"CANCELED", 10}}));
    for (const json& item : results["items"]) EXPECT_EQ(item["reason"], "canceled");

    const json entry = dut.call("GET", "/api/v1/audit?limit=1").body["items"][0];
    EXPECT_EQ(entry["method"], "DELETE");
    EXPECT_EQ(entry["messageId"], sent.body["id"]);
    const Answer again = dut.call("DELETE", message);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body["fanOut"], "canceled");
    EXPECT_EQ(dut.call("GET", "/api/v1/audit?limit=1").body["items"][0], entry) << "done once";

    EXPECT_EQ(dut.call("DELETE", "/api/v1/groups/south/messages/x").status, 404);
    EXPECT_EQ(
        dut.call("DELETE", "/api/v1/groups/south/messages/" + sent.body["id"].get<std::string>())
            .status,
        404);
}

TEST_F(GroupRoutes, the_pace_gives_each_member_a_turn_of_its_own) {
    add(1, 8);
    const Answer sent =
        send(R"({"payload":")" + get_manufacturer + R"(","ttl":"1h","pacing":{"perSecond":0.5}})");
    ASSERT_EQ(sent.status, 202) << sent.text;
    std::set<std::string> turns;
    const json results = dut.call("GET", results_of(sent)).body;
    for (const json& item : results["items"]) {
        turns.insert(item["notBefore"].get<std::string>());
    }
    std::set<std::string> expected;
    for (int i = 0; i < 8; ++i) {
        expected.insert(to_rfc3339(dut.shards.wall + std::chrono::seconds(2 * i)));
    }
    EXPECT_EQ(turns, expected);
}

TEST_F(GroupRoutes, a_key_makes_one_job) {
    add(1, 3);
    const Answer first = send(message_body, "k");
    const Answer second = send(message_body, "k");
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.body["id"], first.body["id"]);
    EXPECT_EQ(send(R"({"payload":")" + get_manufacturer + R"(","priority":"low"})", "k").status,
              422);
    EXPECT_EQ(dut.call("GET", "/api/v1/devices/" + meter(1) + "/messages").body["items"].size(),
              1U);
}

TEST_F(GroupRoutes, hundreds_of_members_in_every_shard_are_done_in_many_turns) {
    add(1, 1200);
    const Answer sent = send(R"({"payload":")" + get_manufacturer + R"(","priority":"low"})");
    const json results = dut.call("GET", results_of(sent) + "?limit=1000").body;
    EXPECT_EQ(results["counts"], (json{{"QUEUED", 1200}}));
    EXPECT_EQ(results["items"].size(), 1000U);
    const std::string next = results["next"];
    const json rest = dut.call("GET", results_of(sent) + "?limit=1000&cursor=" + next).body;
    EXPECT_EQ(rest["items"].size(), 200U);
    EXPECT_TRUE(rest["next"].is_null());
}

}  // namespace
}  // namespace scef::adapter::test
