#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/api_under_test.h"

namespace scef::adapter::test {
namespace {

using nlohmann::json;

const std::string webhooks = "/api/v1/webhooks";
/// Nobody listens there.
const std::string a_hook = R"({"url":"http://127.0.0.1:1/in"})";

TEST(WebhookRoutes, a_webhook_is_made_shown_and_removed) {
    ApiUnderTest dut;
    const Answer made = dut.call(
        "POST", webhooks,
        R"({"url":"http://127.0.0.1:1/in","types":["message"],"externalId":"m@iot.example"})");
    ASSERT_EQ(made.status, 201) << made.text;
    const std::string path = webhooks + '/' + made.body["id"].get<std::string>();
    EXPECT_EQ(made.headers.at("Location"), path);
    EXPECT_EQ(made.headers.at("Cache-Control"), "no-store");
    EXPECT_TRUE(made.body["secret"].get<std::string>().starts_with("whsec_"));
    const Answer shown = dut.call("GET", path);
    EXPECT_EQ(shown.body["url"], "http://127.0.0.1:1/in");
    EXPECT_EQ(shown.body["types"], json{"message"});
    EXPECT_EQ(shown.body["externalId"], "m@iot.example");
    EXPECT_EQ(shown.body["state"], "active");
    EXPECT_FALSE(shown.body.contains("secret")) << "it is shown once";
    EXPECT_EQ(dut.call("GET", webhooks).body["items"], json::array({shown.body}));
    EXPECT_EQ(dut.call("DELETE", path).status, 204);
    EXPECT_EQ(dut.call("DELETE", path).status, 404);
    EXPECT_EQ(dut.call("GET", path).status, 404);
    EXPECT_EQ(dut.call("GET", webhooks).body["items"], json::array());
}

TEST(WebhookRoutes, a_secret_may_be_given) {
    ApiUnderTest dut;
    const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const Answer made =
        dut.call("POST", webhooks, R"({"url":"http://127.0.0.1:1/","secret":")" + secret + "\"}");
    EXPECT_EQ(made.body["secret"], secret);
    const json audit = dut.call("GET", "/api/v1/audit").body["items"];
    ASSERT_EQ(audit.size(), 1u);
    EXPECT_EQ(audit[0].dump().find(secret), std::string::npos);
}

TEST(WebhookRoutes, it_is_told_again_from_a_time_on) {
    ApiUnderTest dut;
    const std::string id = dut.call("POST", webhooks, a_hook).body["id"];
    const Answer replayed =
        dut.call("POST", webhooks + '/' + id + ":replay", R"({"since":"2025-12-17T00:00:00Z"})");
    ASSERT_EQ(replayed.status, 200) << replayed.text;
    EXPECT_EQ(replayed.body["after"].get<std::string>().substr(14, 1), "7") << "an id of that time";
    EXPECT_EQ(dut.call("POST", webhooks + '/' + id + ":replay", "{}").status, 400);
    EXPECT_EQ(dut.call("POST", webhooks + "/019b8f3a-7c40-7000-8000-0123456789ab:replay",
                       R"({"since":"1h"})")
                  .status,
              404);
}

TEST(WebhookRoutes, mistakes_name_the_member_and_show_no_secret) {
    ApiUnderTest dut;
    const std::vector<std::pair<std::string, std::string>> mistakes{
        {"{}", "url"},
        {R"({"url":"ftp://x/"})", "url"},
        {R"({"url":"http://user:pass@x/"})", "url"},
        {R"({"url":"http://x/","types":["all"]})", "types"},
        {R"({"url":"http://x/","externalId":"a b"})", "externalId"},
        {R"({"url":"http://x/","secret":"hunter2"})", "secret"},
        {R"({"url":"http://x/","since":"soon"})", "since"},
        {R"({"url":"http://x/","name":"mine"})", "name"},
    };
    for (const auto& [body, member] : mistakes) {
        const Answer answer = dut.call("POST", webhooks, body);
        EXPECT_EQ(answer.status, 400) << body << answer.text;
        const std::string detail = answer.body["detail"];
        EXPECT_NE(detail.find(member), std::string::npos) << body << " said " << detail;
        EXPECT_EQ(detail.find("hunter2"), std::string::npos);
    }
}

}  // namespace
}  // namespace scef::adapter::test
