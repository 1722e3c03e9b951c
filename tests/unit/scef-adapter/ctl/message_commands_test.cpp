#include "scef-adapter/ctl/message_commands.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

/// An admin API that takes every message and keeps what it was asked.
class MessageCommands : public testing::Test {
protected:
    int send(SendOptions options) {
        options.external_id = "meter-1@iot.example";
        options.coap = "PUT /1/0/1 300";
        return messages_send(Session{{api_.url(), ""}, false, out, out}, options);
    }

    int dry_run(SendOptions options) {
        options.external_id = "meter-1@iot.example";
        options.coap = "GET /3/0/0";
        return messages_dry_run(Session{{api_.url(), ""}, false, out, out}, options);
    }

    std::string answer = R"({"id":"m","state":"QUEUED","superseded":2})";
    std::string method, path;
    json body;
    std::ostringstream out;

private:
    FakeAdminApi api_{[this](const httplib::Request& request, httplib::Response& response) {
        method = request.method;
        path = request.path;
        body = json::parse(request.body);
        response.status = 201;
        response.set_content(answer, "application/json");
    }};
};

TEST_F(MessageCommands, send_posts_the_message_with_its_collapse_key) {
    SendOptions options;
    options.collapse_key = "/1/0/1";
    EXPECT_EQ(send(options), 0);
    EXPECT_EQ(method, "POST");
    EXPECT_EQ(path, "/api/v1/devices/meter-1@iot.example/messages");
    EXPECT_EQ(body["collapseKey"], "/1/0/1");
}

TEST_F(MessageCommands, replace_puts_it_and_says_how_many_it_supersedes) {
    SendOptions options;
    options.replaces = true;
    EXPECT_EQ(send(options), 0);
    EXPECT_EQ(method, "PUT");
    EXPECT_EQ(path, "/api/v1/devices/meter-1@iot.example/messages");
    EXPECT_FALSE(body.contains("collapseKey"));
    EXPECT_NE(out.str().find("supersedes"), std::string::npos) << out.str();
}

TEST_F(MessageCommands, a_dry_run_asks_for_the_device_and_sends_nothing) {
    answer = R"({"admitted":true,"refusedBy":null,"waits":[],"limits":[],"queueAhead":0,
                 "earliestSendTime":"2026-04-21T12:00:48.000Z"})";
    SendOptions options;
    options.priority = "high";
    EXPECT_EQ(dry_run(options), 0);
    EXPECT_EQ(method, "POST");
    EXPECT_EQ(path, "/api/v1/messages:dryRun");
    EXPECT_EQ(body["externalId"], "meter-1@iot.example");
    EXPECT_EQ(body["priority"], "high");
    EXPECT_NE(out.str().find("2026-04-21T12:00:48Z"), std::string::npos) << out.str();
}

TEST_F(MessageCommands, a_dry_run_of_what_would_be_refused_is_1) {
    answer = R"({"admitted":false,"refusedBy":{"cause":"QUOTA_EXCEEDED","detail":"used up"}})";
    EXPECT_EQ(dry_run({}), 1);
    EXPECT_NE(out.str().find("would be refused: used up"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace scef::ctl
