#include "scef-adapter/ctl/event_commands.h"

#include <atomic>
#include <sstream>

#include <gtest/gtest.h>

#include "scef-adapter/ctl/event_stream_parser.h"
#include "scef-adapter/ctl/event_view.h"
#include "tests/unit/scef-adapter/ctl/fake_admin_api.h"

namespace scef::ctl {
namespace {

using nlohmann::json;

TEST(EventStreamParser, events_come_whole_however_the_octets_are_cut) {
    const std::string stream =
        "retry: 2000\n\nid: a\nevent: message\ndata: {\"n\":1}\n\n: nothing new\n\n"
        "id: b\r\ndata:{\"n\":2}\r\ndata: more\r\n\r\nid: c\n\nid: d\ndata: half";
    for (std::size_t piece = 1; piece < stream.size(); ++piece) {
        std::vector<std::string> found;
        EventStreamParser dut([&](const std::string& data) { found.push_back(data); });
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            dut.take(std::string_view(stream).substr(at, piece));
        }
        EXPECT_EQ(found, (std::vector<std::string>{"{\"n\":1}", "{\"n\":2}\nmore"}));
        EXPECT_EQ(dut.last_event_id(), "c") << "an id counts at the end of its block";
    }
}

TEST(EventLine, tells_what_happened) {
    const json outcome{{"id", "e"},
                       {"type", "message"},
                       {"at", "2026-04-14T12:00:00.250Z"},
                       {"externalId", "meter-1@iot.example"},
                       {"messageId", "m-1"},
                       {"correlationId", "job 7"},
                       {"state", "DELIVERED"},
                       {"level", "coap"},
                       {"reason", "answered"},
                       {"detail", nullptr},
                       {"attempts", 2},
                       {"latencyMs", 1234},
                       {"late", true},
                       {"response", {{"code", "2.05"}, {"payload", "MjMuNQ=="}}}};
    EXPECT_EQ(event_line(outcome),
              "2026-04-14T12:00:00.250Z  meter-1@iot.example  DELIVERED(coap) late, answered  2.05  "
              "\"23.5\"  after 1.2 s  2 attempts  job 7  m-1");
    const json common{{"at", "T"}, {"externalId", "d"}, {"id", "e"}};
    json event = common;
    event.update({{"type", "registration"}, {"change", "ended"}, {"server", "dm"}, {"endpoint", "u"}});
    EXPECT_EQ(event_line(event), "T  d  no longer at dm  u");
    event = common;
    event.update({{"type", "configuration"}, {"status", "REFUSED"}, {"cause", "HTTP 403"}});
    EXPECT_EQ(event_line(event), "T  d  NIDD REFUSED  HTTP 403");
    event = common;
    event.update({{"type", "uplink"}, {"payload", "AP8="}});
    EXPECT_EQ(event_line(event), "T  d  sent 00ff");
    event = common;
    event.update({{"type", "news"}});
    EXPECT_EQ(event_line(event), "T  d  news e");
}

TEST(EventLine, plays_no_tricks_on_a_terminal) {
    const json event{{"at", "T"}, {"externalId", "a\x1b[2Jb"}, {"type", "uplink"}, {"payload", ""}};
    EXPECT_EQ(event_line(event).find('\x1b'), std::string::npos);
}

struct OneRun {
    std::ostringstream out, err;
    Session session(const std::string& url, bool json) { return {{url, ""}, json, out, err}; }
};

TEST(EventsCommand, kept_events_are_read_page_by_page) {
    std::vector<std::string> asked;
    FakeAdminApi api([&](const httplib::Request& request, httplib::Response& response) {
        asked.push_back(request.target);
        const bool is_first = request.target.find("after=") == std::string::npos;
        const json items = is_first ? json::array({{{"type", "uplink"}, {"id", "1"}}}) : json::array();
        response.set_content(json{{"items", items}, {"next", "1"}}.dump(), "application/json");
    });
    OneRun run;
    EventOptions options;
    options.types = {"uplink", "message"};
    options.external_id = "d@x.example";
    options.since = "10m";
    EXPECT_EQ(events_show(run.session(api.url(), true), options), 0);
    EXPECT_EQ(json::parse(run.out.str())["id"], "1");
    ASSERT_EQ(asked.size(), 2u);
    EXPECT_EQ(asked[0], "/api/v1/events?type=uplink%2Cmessage&externalId=d@x.example&since=10m");
    EXPECT_EQ(asked[1], "/api/v1/events?type=uplink%2Cmessage&externalId=d@x.example&after=1");
}

TEST(EventsCommand, a_stream_that_breaks_is_taken_up_again_behind_the_last_event) {
    std::vector<std::string> last_ids;
    std::atomic<int> streams{0};
    FakeAdminApi api([&](const httplib::Request& request, httplib::Response& response) {
        last_ids.push_back(request.get_header_value("Last-Event-ID"));
        if (++streams == 1) {
            response.set_content("id: e1\ndata: {\"type\":\"uplink\",\"id\":\"e1\"}\n\n",
                                 "text/event-stream");
            return;
        }
        response.status = 403;
        response.set_content(R"({"detail":"this needs a token"})", "application/problem+json");
    });
    OneRun run;
    EventOptions options;
    options.follow = true;
    options.pause = std::chrono::milliseconds(1);
    EXPECT_EQ(events_show(run.session(api.url(), true), options), 1);
    EXPECT_EQ(last_ids, (std::vector<std::string>{"", "e1"}));
    EXPECT_EQ(json::parse(run.out.str())["id"], "e1");
    EXPECT_NE(run.err.str().find("this needs a token"), std::string::npos) << run.err.str();
}

TEST(WebhooksCommand, the_secret_is_shown_when_it_is_made) {
    FakeAdminApi api([&](const httplib::Request& request, httplib::Response& response) {
        EXPECT_EQ(json::parse(request.body), (json{{"url", "https://hooks.example/"},
                                                   {"types", {"message"}},
                                                   {"since", "1h"}}));
        response.status = 201;
        response.set_content(R"({"id":"w-1","secret":"whsec_abc"})", "application/json");
    });
    OneRun run;
    WebhookOptions options;
    options.url = "https://hooks.example/";
    options.types = {"message"};
    options.since = "1h";
    EXPECT_EQ(webhooks_add(run.session(api.url(), false), options), 0);
    EXPECT_NE(run.out.str().find("w-1"), std::string::npos);
    EXPECT_NE(run.out.str().find("whsec_abc"), std::string::npos);
}

TEST(AuditCommand, shows_who_did_what) {
    FakeAdminApi api([&](const httplib::Request&, httplib::Response& response) {
        response.set_content(
            json{{"items",
                  {{{"at", "T"}, {"role", "admin"}, {"token", "3f9a12bc"}, {"address", "10.0.0.1"},
                    {"method", "DELETE"}, {"path", "/api/v1/devices/a@b"}, {"change", nullptr},
                    {"messageId", nullptr}}}},
                 {"next", nullptr}}
                .dump(),
            "application/json");
    });
    OneRun run;
    EXPECT_EQ(audit_list(run.session(api.url(), false), {}), 0);
    EXPECT_NE(run.out.str().find("DELETE /api/v1/devices/a@b"), std::string::npos) << run.out.str();
    EXPECT_NE(run.out.str().find("3f9a12bc"), std::string::npos);
}

}  // namespace
}  // namespace scef::ctl
