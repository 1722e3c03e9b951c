#include <gtest/gtest.h>

#include "scef-adapter/admin/device_body.h"
#include "scef-adapter/admin/message_body.h"

namespace scef::adapter {
namespace {

using nlohmann::json;

const WallTime now{std::chrono::hours(24 * 365 * 56)};

struct Mistake {
    const char* body;
    const char* said;  ///< what the sentence must contain
};

TEST(DeviceBody, is_understood_with_all_members) {
    const auto spec = device_from_body(json::parse(
        R"({"externalId":"A.1@IoT.example","profile":"cat-m1","quota":"q","server":"dm",
            "servers":["dm","b"],"endpoint":"urn:imei:1","mode":"opaque","groups":["b","a"]})"));
    ASSERT_TRUE(spec);
    EXPECT_EQ(spec->external_id.text(), "A.1@iot.example");
    EXPECT_EQ(spec->profile, "cat-m1");
    EXPECT_TRUE(spec->opaque);
    EXPECT_EQ(spec->servers, (std::vector<std::string>{"dm", "b"}));
    EXPECT_EQ(spec->groups, (std::vector<std::string>{"a", "b"}));
}

TEST(DeviceBody, mistakes_name_the_member) {
    const Mistake mistakes[] = {
        {R"({})", "externalId: is missing"},
        {R"({"externalId":7})", "externalId"},
        {R"({"externalId":"no-at"})", "externalId: not an External Identifier"},
        {R"({"externalId":"a@b","color":"red"})", "\"color\""},
        {R"({"externalId":"a@b","c\u0007\"":1})", "\"c??\""},
        {R"({"externalId":"a@b","mode":"udp"})", "mode: one of coap, opaque"},
        {R"({"externalId":"a@b","profile":""})", "profile"},
        {R"({"externalId":"a@b","endpoint":"x\u0000"})", "endpoint"},
        {R"({"externalId":"a@b","groups":"g"})", "groups"},
        {R"({"externalId":"a@b","servers":"dm"})", "servers"},
        {R"({"externalId":"a@b","servers":[]})", "servers: it is empty"},
        {R"({"externalId":"a@b","groups":["g","g"]})", "groups: a group is there twice"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto spec = device_from_body(json::parse(mistake.body));
        ASSERT_FALSE(spec) << mistake.body;
        EXPECT_NE(spec.error().message.find(mistake.said), std::string::npos)
            << spec.error().message;
    }
}

TEST(DeviceBody, may_leave_out_what_the_path_names_but_not_differ) {
    const auto named = ExternalId::parse("a@b");
    EXPECT_TRUE(device_from_body(json::object(), *named));
    EXPECT_FALSE(device_from_body(json{{"externalId", "c@b"}}, *named));
}

TEST(MessageBody, is_understood_with_all_members) {
    const auto message =
        message_from_body(json::parse(R"({"payload":"AQI=","contentFormat":"opaque","ttl":"PT2H",
            "notBefore":"2025-12-18T01:00:00Z","priority":"emergency","maxAttempts":3,
            "correlationId":"job 7","sendMode":"now"})"),
                          now);
    ASSERT_TRUE(message) << message.error().message;
    EXPECT_EQ(message->payload, (Bytes{1, 2}));
    EXPECT_TRUE(message->opaque);
    EXPECT_EQ(message->ttl, Duration(std::chrono::hours(2)));
    EXPECT_EQ(message->priority, queueing::Priority::emergency);
    EXPECT_EQ(message->attempts_max, 3U);
    EXPECT_EQ(message->correlation_id, "job 7");
    EXPECT_TRUE(message->send_now);
}

TEST(MessageBody, takes_the_ttl_in_seconds_too) {
    const auto message = message_from_body(json{{"payload", "AQI="}, {"ttl", 90U}}, now);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->ttl, Duration(std::chrono::seconds(90)));
}

TEST(MessageBody, mistakes_name_the_member) {
    const Mistake mistakes[] = {
        {R"({})", "payload: is missing"},
        {R"({"payload":1})", "payload"},
        {R"({"payload":"AQI"})", "payload"},
        {R"({"payload":"AQ I="})", "payload"},
        {R"({"payload":"QR=="})", "payload"},
        {R"({"payload":"-_8="})", "payload"},
        {R"({"payload":"AQI=","ack":"yes"})", "ack: one of none, positive, negative, full"},
        {R"({"payload":"AQI=","collapseKey":""})", "collapseKey"},
        {R"({"payload":"AQI=","rds":{}})", "rds: portUE: is missing"},
        {R"({"payload":"AQI=","rds":{"portUE":16,"portSCEF":1}})", "rds: portUE"},
        {R"({"payload":"AQI=","rds":{"portUE":1,"portSCEF":1,"ack":true}})", "rds: there is no"},
        {R"({"payload":"AQI=","rds":7})", "rds: an object"},
        {R"({"payload":"AQI=","retries":1})", "\"retries\""},
        {R"({"payload":"AQI=","ttl":0})", "ttl"},
        {R"({"payload":"AQI=","ttl":-1})", "ttl"},
        {R"({"payload":"AQI=","ttl":1e30})", "ttl"},
        {R"({"payload":"AQI=","ttl":"0s"})", "ttl"},
        {R"({"payload":"AQI=","ttl":"soon"})", "ttl"},
        {R"({"payload":"AQI=","notBefore":"9999-99-99T00:00:00Z"})", "notBefore"},
        {R"({"payload":"AQI=","ttl":"1h","notBefore":"2199-01-01T00:00:00Z"})", "notBefore"},
        {R"({"payload":"AQI=","priority":"urgent"})", "priority: one of low, normal"},
        {R"({"payload":"AQI=","maxAttempts":0})", "maxAttempts"},
        {R"({"payload":"AQI=","correlationId":"a\nb"})", "correlationId"},
        {R"({"payload":"AQI=","sendMode":"later"})", "sendMode"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto message = message_from_body(json::parse(mistake.body), now);
        ASSERT_FALSE(message) << mistake.body;
        EXPECT_NE(message.error().message.find(mistake.said), std::string::npos)
            << mistake.body << " said " << message.error().message;
    }
}

TEST(IdempotencyKey, is_visible_ascii_of_bounded_length) {
    EXPECT_TRUE(idempotency_key("\"8e03978e-40d5-43dd\""));
    EXPECT_FALSE(idempotency_key(""));
    EXPECT_FALSE(idempotency_key("a\tb"));
    EXPECT_FALSE(idempotency_key(std::string(129, 'a')));
}

}  // namespace
}  // namespace scef::adapter
