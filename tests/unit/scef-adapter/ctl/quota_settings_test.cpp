#include "scef-adapter/ctl/quota_settings.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

/// An admin API that knows one quota and keeps what it was asked.
class QuotaSettings : public testing::Test {
protected:
    int set(const QuotaOptions& options) { return quota_set(session(), options); }
    Session session(bool as_json = false) { return Session{{api_.url(), ""}, as_json, out, out}; }

    std::string method, path;
    json body;
    std::ostringstream out;

private:
    FakeAdminApi api_{[this](const httplib::Request& request, httplib::Response& response) {
        method = request.method;
        path = request.path;
        body = request.body.empty() ? json() : json::parse(request.body);
        response.set_content(R"({"scope":"account","quota":"wide","source":"api"})",
                             "application/json");
    }};
};

TEST_F(QuotaSettings, show_asks_for_the_scope_and_says_which_quota_it_has) {
    EXPECT_EQ(quota_show(session(), {.scope = "device:a@b.example"}), 0);
    EXPECT_EQ(method, "GET");
    EXPECT_EQ(path, "/api/v1/quotas/device:a@b.example");
    EXPECT_NE(out.str().find("account: quota wide"), std::string::npos) << out.str();
}

TEST_F(QuotaSettings, show_for_scripts_is_the_document) {
    EXPECT_EQ(quota_show(session(true), {.scope = "account"}), 0);
    EXPECT_EQ(json::parse(out.str())["quota"], "wide");
}

TEST_F(QuotaSettings, set_puts_a_name_limits_or_null) {
    EXPECT_EQ(set({.scope = "account", .quota = "wide"}), 0);
    EXPECT_EQ(method, "PUT");
    EXPECT_EQ(path, "/api/v1/quotas/account");
    EXPECT_EQ(body, json::parse(R"({"quota":"wide"})"));
    EXPECT_EQ(set({.scope = "account", .limits = R"({"downlink": {"messages": "5/hour"}})"}), 0);
    EXPECT_EQ(body, json::parse(R"({"quota":{"downlink":{"messages":"5/hour"}}})"));
    EXPECT_EQ(set({.scope = "account", .is_default = true}), 0);
    EXPECT_EQ(body, json::parse(R"({"quota":null})"));
}

TEST_F(QuotaSettings, what_cannot_be_meant_is_not_sent) {
    EXPECT_EQ(set({.scope = "account"}), 1);
    EXPECT_EQ(set({.scope = "account", .quota = "a", .is_default = true}), 1);
    EXPECT_EQ(set({.scope = "account", .limits = "10/hour"}), 1);
    EXPECT_EQ(set({.scope = "account", .limits = "[1]"}), 1);
    EXPECT_EQ(method, "");
}

}  // namespace
}  // namespace scef::ctl
