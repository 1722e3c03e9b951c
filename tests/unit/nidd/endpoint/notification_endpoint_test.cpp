#include "nidd/endpoint/notification_endpoint.h"

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

constexpr const char* uplink =
    R"({"niddConfiguration":"/c/1","externalId":"dev@example.com","data":"QAEAAQ=="})";

struct EndpointTest : testing::Test {
    NotificationVerdict verdict;
    std::vector<IncomingNotification> taken;
    std::optional<Duration> wait;
    std::vector<std::pair<Unknown, std::string>> watched;
    NotificationEndpoint dut{[this](IncomingNotification notification, const auto& done) {
                                 taken.push_back(std::move(notification));
                                 done(verdict);
                             },
                             [this](Unknown kind, const std::string& address) {
                                 watched.emplace_back(kind, address);
                                 return wait;
                             }};
    SeededRandom random{7};
    Capability capability = Capability::make(3, 4, random);

    HttpRequest request() const {
        HttpRequest made;
        made.method = "POST";
        made.path = std::string(NotificationEndpoint::prefix) + capability.text();
        made.headers["content-type"] = "application/json";
        made.body = uplink;
        made.peer_address = "192.0.2.1";
        return made;
    }
    HttpResponse answer_to(HttpRequest asked) {
        HttpResponse answer;
        int answers = 0;
        dut.handle(std::move(asked), [&](HttpResponse response) {
            answer = std::move(response);
            ++answers;
        });
        EXPECT_EQ(answers, 1);
        return answer;
    }
};

TEST_F(EndpointTest, a_notification_reaches_the_sink_and_its_verdict_the_scef) {
    const HttpResponse answer = answer_to(request());

    EXPECT_EQ(answer.status, 204);
    EXPECT_TRUE(answer.body.empty());
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_TRUE(taken[0].capability.proves(capability));
    EXPECT_TRUE(std::holds_alternative<NiddUplinkDataNotification>(taken[0].body));
}

TEST_F(EndpointTest, other_paths_and_ill_formed_capabilities_are_404) {
    const std::string good = request().path;
    for (const std::string& path :
         {std::string("/"), std::string("/t8/v1/notifications/"), good + "/", good + "0",
          "/" + good, "/x" + good, std::string("/t8/v1/notifications/../") + capability.text()}) {
        HttpRequest asked = request();
        asked.path = path;
        EXPECT_EQ(answer_to(asked).status, 404) << path;
    }
    HttpRequest asked = request();
    asked.query = "a=b";
    EXPECT_EQ(answer_to(asked).status, 404);
    EXPECT_TRUE(taken.empty());
}

TEST_F(EndpointTest, other_methods_are_405_with_allow) {
    HttpRequest asked = request();
    asked.method = "GET";
    const HttpResponse answer = answer_to(asked);

    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.headers, (decltype(answer.headers){{"Allow", "POST"}}));
}

TEST_F(EndpointTest, json_may_name_utf8_and_nothing_else) {
    for (const char* type : {"application/json", "Application/JSON;charset=UTF-8",
                             "application/json ; charset=\"utf-8\""}) {
        HttpRequest asked = request();
        asked.headers["content-type"] = type;
        EXPECT_EQ(answer_to(asked).status, 204) << type;
    }
    for (const char* type : {"", "text/plain", "application/json; charset=utf-16",
                             "application/problem+json", "application/jsonx", "text/json"}) {
        HttpRequest asked = request();
        asked.headers["content-type"] = type;
        EXPECT_EQ(answer_to(asked).status, 415) << type;
    }
}

TEST_F(EndpointTest, a_missing_type_and_a_content_coding_are_415) {
    HttpRequest untyped = request();
    untyped.headers.clear();
    EXPECT_EQ(answer_to(untyped).status, 415);

    HttpRequest coded = request();
    coded.headers["content-encoding"] = "gzip";
    EXPECT_EQ(answer_to(coded).status, 415);
}

TEST_F(EndpointTest, a_malformed_body_is_400_without_echo) {
    for (const char* body : {"", "{", "evil", R"({"evil":1})", "\xEF\xBB\xBF{}",
                             R"({"niddConfiguration":"/1","externalId":"evil","data":"AA=="})"}) {
        HttpRequest asked = request();
        asked.body = body;
        const HttpResponse answer = answer_to(asked);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_EQ(answer.content_type, "application/problem+json");
        EXPECT_EQ(answer.body.find("evil"), std::string::npos);
    }
    EXPECT_TRUE(taken.empty());
}

TEST_F(EndpointTest, refusing_verdicts_become_problems) {
    for (const int status : {400, 404, 409, 413}) {
        verdict.status = status;
        const HttpResponse answer = answer_to(request());
        EXPECT_EQ(answer.status, status);
        EXPECT_EQ(answer.content_type, "application/problem+json");
        EXPECT_TRUE(parse_problem(answer.body));
    }
}

TEST_F(EndpointTest, every_404_has_the_same_octets_whatever_is_unknown) {
    HttpRequest ill_formed = request();
    ill_formed.path.pop_back();
    const HttpResponse first = answer_to(std::move(ill_formed));
    EXPECT_EQ(first.status, 404);
    for (const Unknown kind : {Unknown::capability, Unknown::configuration, Unknown::transfer}) {
        verdict = NotificationVerdict::not_found(kind);
        const HttpResponse answer = answer_to(request());
        EXPECT_EQ(answer.status, first.status);
        EXPECT_EQ(answer.body, first.body);
        EXPECT_EQ(answer.headers, first.headers);
        EXPECT_EQ(answer.content_type, first.content_type);
    }
}

TEST_F(EndpointTest, each_404_of_a_verdict_is_told_with_its_reason_and_address) {
    for (const Unknown kind : {Unknown::capability, Unknown::configuration, Unknown::transfer}) {
        verdict = NotificationVerdict::not_found(kind);
        answer_to(request());
        EXPECT_EQ(watched.back(), std::pair(kind, std::string("192.0.2.1")));
    }
    for (const int status : {204, 400, 409, 413, 503}) {
        verdict = {};
        verdict.status = status;
        answer_to(request());
    }
    EXPECT_EQ(watched.size(), 3u) << "what is no 404 is nobody's guess";
}

TEST_F(EndpointTest,
       an_address_that_is_to_wait_is_told_so_and_a_valid_capability_is_never_refused) {
    wait = std::chrono::milliseconds(40'100);
    verdict = NotificationVerdict::not_found(Unknown::capability);
    const HttpResponse refused = answer_to(request());
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers[0], (std::pair<std::string, std::string>("Retry-After", "41")));
    EXPECT_TRUE(parse_problem(refused.body));

    verdict = {};
    EXPECT_EQ(answer_to(request()).status, 204);
    EXPECT_EQ(taken.size(), 2u);
}

TEST_F(EndpointTest, a_503_always_says_when_to_retry) {
    verdict = {503, std::nullopt};
    EXPECT_EQ(answer_to(request()).headers[0],
              (std::pair<std::string, std::string>("Retry-After", "1")));

    verdict = {503, std::chrono::milliseconds(2100)};
    EXPECT_EQ(answer_to(request()).headers[0].second, "3");
}

}  // namespace
}  // namespace scef::nidd
