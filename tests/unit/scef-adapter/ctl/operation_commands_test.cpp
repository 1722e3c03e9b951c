#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "scef-adapter/ctl/device_commands.h"
#include "scef-adapter/ctl/group_commands.h"
#include "scef-adapter/ctl/scef_commands.h"
#include "scef-adapter/ctl/store_commands.h"
#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

struct OperationCommands : testing::Test {
    Session session() { return {{api.url(), ""}, false, out, err}; }

    std::vector<std::string> asked;
    std::string answer = "{}";
    int status = 200;
    std::ostringstream out, err;
    FakeAdminApi api{[this](const httplib::Request& request, httplib::Response& response) {
        asked.push_back(request.method + ' ' + request.target + ' ' + request.body);
        response.status = status;
        response.set_content(answer, "application/json");
    }};
};

TEST_F(OperationCommands, trace_asks_for_a_duration_and_says_where_to_look) {
    answer = R"({"externalId":"m@x.example","duration":"1h"})";
    EXPECT_EQ(devices_trace(session(), "m@x.example", "1h"), 0);
    EXPECT_EQ(asked.at(0), R"(POST /api/v1/devices/m@x.example:trace {"duration":"1h"})");
    EXPECT_NE(out.str().find("DEVICE_TRACE"), std::string::npos);
    out.str("");
    EXPECT_EQ(devices_trace(session(), "m@x.example", "0s"), 0);
    EXPECT_EQ(out.str(), "m@x.example is traced no longer\n");
}

TEST_F(OperationCommands, scefs_are_listed_with_what_tells_them_apart) {
    answer = R"({"items":[{"name":"a","apiRoot":"https://a.example","scsAsId":"me",
        "profile":"3gpp-r17","domains":["one.example","two.example"]}],"next":null})";
    EXPECT_EQ(scefs_list(session()), 0);
    EXPECT_EQ(asked.at(0), "GET /api/v1/scefs ");
    EXPECT_EQ(out.str(),
              "NAME  API ROOT           SCS/AS ID  PROFILE   DOMAINS\n"
              "a     https://a.example  me         3gpp-r17  one.example, two.example\n");
    out.str("");
    Session scripts{{api.url(), ""}, true, out, err};
    EXPECT_EQ(scefs_list(scripts), 0);
    EXPECT_EQ(nlohmann::json::parse(out.str()).at(0).at("name"), "a");
}

TEST_F(OperationCommands, backup_writes_the_path_alone) {
    status = 201;
    answer = R"({"path":"/b/scef-adapter-1Z"})";
    EXPECT_EQ(store_backup(session()), 0);
    EXPECT_EQ(asked.at(0), "POST /api/v1/store/backups ");
    EXPECT_EQ(out.str(), "/b/scef-adapter-1Z\n");
}

TEST_F(OperationCommands, backups_are_written_a_line_each) {
    answer = R"({"backups":["/b/1","/b/2"]})";
    EXPECT_EQ(store_backups(session()), 0);
    EXPECT_EQ(out.str(), "/b/1\n/b/2\n");
}

TEST_F(OperationCommands, canceling_a_message_to_a_group_says_what_it_means) {
    status = 202;
    answer = R"({"id":"j-1","fanOut":"canceling"})";
    GroupOptions options;
    options.group = "north";
    options.message_id = "j-1";
    EXPECT_EQ(groups_cancel(session(), options), 0);
    EXPECT_EQ(asked.at(0), "DELETE /api/v1/groups/north/messages/j-1 ");
    EXPECT_NE(out.str().find("'groups results north j-1'"), std::string::npos) << out.str();
}

TEST_F(OperationCommands, a_refusal_is_one_sentence_and_1) {
    status = 409;
    answer = R"({"detail":"there is no folder for backups; set 'store.backup_path'"})";
    EXPECT_EQ(store_backup(session()), 1);
    EXPECT_EQ(out.str(), "");
    EXPECT_NE(err.str().find("store.backup_path"), std::string::npos);
}

}  // namespace
}  // namespace scef::ctl
