#include "scef-adapter/admin/admin_api.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

const char* const tokens_text = "read:r-token\nsend:s-token\nadmin:a-token\n";
const char* const some_id = "019b8f3a-7c40-7000-8000-0123456789ab";

AccessTokens some_tokens() { return *AccessTokens::parse(tokens_text, "tokens"); }

struct Offer {
    const char* method;
    std::string target;
    Role role;
};

std::vector<Offer> offers() {
    const std::string device = "/api/v1/devices/a@b.example";
    const std::string message = std::string("/api/v1/messages/") + some_id;
    return {{"GET", "/metrics", Role::read},
            {"GET", "/api/v1/openapi.json", Role::read},
            {"GET", "/api/v1/devices", Role::read},
            {"POST", "/api/v1/devices", Role::admin},
            {"GET", device, Role::read},
            {"PUT", device, Role::admin},
            {"DELETE", device, Role::admin},
            {"POST", device + ":pause", Role::admin},
            {"POST", device + ":resume", Role::admin},
            {"POST", device + ":wake", Role::admin},
            {"GET", device + "/capture", Role::admin},
            {"POST", device + "/messages", Role::send},
            {"GET", device + "/messages", Role::read},
            {"DELETE", device + "/messages", Role::send},
            {"GET", "/api/v1/messages", Role::read},
            {"GET", message, Role::read},
            {"DELETE", message, Role::send},
            {"GET", message + "/timeline", Role::read},
            {"POST", "/api/v1/messages:dryRun", Role::send},
            {"GET", "/api/v1/quotas/account", Role::read},
            {"PUT", "/api/v1/quotas/account", Role::admin},
            {"GET", "/api/v1/scefs", Role::read},
            {"GET", "/api/v1/scefs/operator-a:doctor", Role::admin},
            {"POST", "/api/v1/scefs/operator-a:doctor", Role::admin}};
}

TEST(AdminApi, every_route_without_credentials_is_refused) {
    ApiUnderTest dut(some_tokens());
    for (const Offer& offer : offers()) {
        const Answer answer = dut.call(offer.method, offer.target);
        EXPECT_EQ(answer.status, 401) << offer.method << ' ' << offer.target;
        EXPECT_EQ(answer.headers.at("WWW-Authenticate"), "Bearer");
        EXPECT_EQ(answer.content_type, "application/problem+json");
    }
    EXPECT_EQ(dut.call("GET", "/api/v1/nothing").status, 401);
}

TEST(AdminApi, each_role_may_do_its_own_and_no_more) {
    ApiUnderTest dut(some_tokens());
    for (const auto& [token, role] :
         {std::pair{"r-token", Role::read}, std::pair{"s-token", Role::send},
          std::pair{"a-token", Role::admin}}) {
        dut.token = token;
        for (const Offer& offer : offers()) {
            const int status = dut.call(offer.method, offer.target).status;
            EXPECT_EQ(status == 403, offer.role > role) << token << ' ' << offer.target;
            EXPECT_NE(status, 401) << token << ' ' << offer.target;
        }
    }
}

TEST(AdminApi, health_needs_no_credentials) {
    ApiUnderTest dut(some_tokens());
    EXPECT_EQ(dut.call("GET", "/healthz").status, 200);
    EXPECT_EQ(dut.call("GET", "/readyz").status, 200);
    dut.shards.ready = false;
    EXPECT_EQ(dut.call("GET", "/readyz").status, 503);
    EXPECT_EQ(dut.call("POST", "/healthz").status, 405);
}

TEST(AdminApi, five_wrong_tokens_are_401_then_429_and_the_right_one_still_passes) {
    ApiUnderTest dut(some_tokens());
    dut.token = "wrong";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(dut.call("GET", "/api/v1/devices").status, 401);
    const Answer sixth = dut.call("GET", "/api/v1/devices");
    EXPECT_EQ(sixth.status, 429);
    EXPECT_EQ(sixth.headers.at("Retry-After"), "60");
    dut.token = "r-token";
    EXPECT_EQ(dut.call("GET", "/api/v1/devices").status, 200);
    dut.token = "wrong";
    dut.shards.now += std::chrono::seconds(60);
    EXPECT_EQ(dut.call("GET", "/api/v1/devices").status, 401);
}

TEST(AdminApi, a_missing_token_is_not_counted) {
    ApiUnderTest dut(some_tokens());
    for (int i = 0; i < 20; ++i) EXPECT_EQ(dut.call("GET", "/metrics").status, 401);
    dut.token = "wrong";
    EXPECT_EQ(dut.call("GET", "/metrics").status, 401);
}

TEST(AdminApi, a_token_in_the_query_or_in_another_scheme_is_none) {
    ApiUnderTest dut(some_tokens());
    EXPECT_EQ(dut.call("GET", "/metrics?access_token=r-token").status, 401);
    auto request = dut.request("GET", "/metrics");
    request.headers["authorization"] = "Basic r-token";
    EXPECT_EQ(dut.send(request).status, 401);
    request.headers["authorization"] = "bearer r-token";
    EXPECT_EQ(dut.send(request).status, 200);
}

TEST(AdminApi, what_is_not_in_the_table_does_not_exist) {
    ApiUnderTest dut;
    for (const char* target :
         {"/index.html", "/api", "/api/v1", "/api/v1/", "/api/v1/devices/", "//api/v1/devices",
          "/API/v1/devices", "/api/v1/devices.", "/admin/..;/", "/api/v1/devices/a@b:sing",
          "/api/v1/messages:batches", "/api/v1/quotas", "/api/v1/groups", "/api/v1/deadletters/x",
          "/api/v1/event", "/api/v1/webhooks:replay"}) {
        EXPECT_EQ(dut.call("GET", target).status, 404) << target;
        EXPECT_EQ(dut.call("POST", target, "{}").status, 404) << target;
    }
}

TEST(AdminApi, a_path_with_another_method_names_those_it_has) {
    ApiUnderTest dut;
    const Answer answer = dut.call("PATCH", "/api/v1/devices");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.headers.at("Allow"), "GET, HEAD, POST");
    EXPECT_EQ(dut.call("HEAD", "/api/v1/devices").status, 200);
}

TEST(AdminApi, ambiguous_paths_are_refused) {
    ApiUnderTest dut;
    for (const char* target :
         {"/api/v1/../v1/devices", "/api/v1/devices/a%2fb", "/api/%00", "/api/v1/devices/%2e%2e"}) {
        EXPECT_EQ(dut.call("GET", target).status, 400) << target;
    }
}

TEST(AdminApi, bodies_must_be_plain_json) {
    ApiUnderTest dut;
    auto request = dut.request("POST", "/api/v1/devices", R"({"externalId":"a@b.example"})");
    for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                             "application/json;charset=latin1", "application/jsonx"}) {
        request.headers["content-type"] = type;
        EXPECT_EQ(dut.send(request).status, 415) << type;
    }
    request.headers["content-type"] = "Application/JSON; charset=UTF-8";
    request.headers["content-encoding"] = "gzip";
    EXPECT_EQ(dut.send(request).status, 415);
    request.headers.erase("content-encoding");
    EXPECT_EQ(dut.send(request).status, 201);
}

TEST(AdminApi, bad_bodies_get_a_problem_document) {
    ApiUnderTest dut;
    const std::string deep = std::string(20, '[') + std::string(20, ']');
    for (const std::string& body :
         {std::string("{"), std::string("[]"), std::string("7"), std::string("{} x"),
          std::string("\xef\xbb\xbf{}"), std::string("{\"a\":NaN}"), std::string("{/**/}"), deep,
          std::string(R"({"externalId":"a@b.example","externalId":"c@b.example"})"),
          std::string("{\"externalId\":\"\xff@b\"}"), std::string(R"({"externalId":"\ud800"})")}) {
        const Answer answer = dut.call("POST", "/api/v1/devices", body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.content_type, "application/problem+json");
        EXPECT_EQ(answer.body["status"], 400);
        EXPECT_FALSE(answer.body["detail"].get<std::string>().empty());
    }
}

TEST(AdminApi, unknown_query_parameters_are_refused) {
    ApiUnderTest dut;
    EXPECT_EQ(dut.call("GET", "/api/v1/devices?limits=5").status, 400);
    EXPECT_EQ(dut.call("GET", "/api/v1/devices?limit=5&limit=6").status, 400);
}

TEST(AdminApi, a_page_of_another_site_cannot_act) {
    ApiUnderTest dut;
    auto request = dut.request("POST", "/api/v1/devices/a@b.example:pause");
    request.headers["host"] = "127.0.0.1:9080";
    request.headers["origin"] = "http://evil.example";
    EXPECT_EQ(dut.send(request).status, 403);
    request.headers["origin"] = "http://127.0.0.1:9080";
    EXPECT_EQ(dut.send(request).status, 404);
}

TEST(AdminApi, metrics_are_text) {
    ApiUnderTest dut;
    const Answer answer = dut.call("GET", "/metrics");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text, "up 1\n");
    EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace scef::adapter::test
