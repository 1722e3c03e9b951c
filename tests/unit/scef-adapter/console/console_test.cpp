#include "scef-adapter/console/console.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "queueing/message.h"

namespace scef::adapter {
namespace {

nidd::HttpRequest request(const std::string& path, const std::string& method = "GET") {
    nidd::HttpRequest made;
    made.method = method;
    made.path = path;
    return made;
}

std::string field(const nidd::HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (key == name) return value;
    }
    return {};
}

std::string text_of(std::string_view name) {
    for (const ConsoleFile& file : console_files()) {
        if (file.name == name) return file.text;
    }
    ADD_FAILURE() << name << " is not there";
    return {};
}

TEST(Console, the_root_leads_to_it) {
    for (const char* path : {"/", "/console"}) {
        const auto response = console_response(request(path));
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 302);
        EXPECT_EQ(field(*response, "Location"), "/console/");
    }
}

TEST(Console, each_file_has_its_type_and_may_do_nothing_but_what_came_from_here) {
    ASSERT_FALSE(console_files().empty());
    for (const ConsoleFile& file : console_files()) {
        const auto response = console_response(request("/console/" + file.name));
        ASSERT_TRUE(response) << file.name;
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->body, file.text);
        EXPECT_NE(response->content_type, "application/octet-stream") << file.name;
        EXPECT_EQ(field(*response, "X-Content-Type-Options"), "nosniff");
        const std::string policy = field(*response, "Content-Security-Policy");
        EXPECT_TRUE(policy.starts_with("default-src 'none'")) << policy;
        EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    }
    EXPECT_EQ(console_response(request("/console/"))->content_type, "text/html; charset=utf-8");
}

TEST(Console, what_the_browser_has_is_not_sent_again) {
    auto again = request("/console/app.js");
    const auto first = console_response(again);
    again.headers["if-none-match"] = field(*first, "ETag");

    const auto second = console_response(again);

    EXPECT_EQ(second->status, 304);
    EXPECT_TRUE(second->body.empty());
    EXPECT_EQ(field(*second, "ETag"), field(*first, "ETag"));
}

TEST(Console, everything_else_is_for_others_to_answer) {
    for (const char* path : {"/console/none.js", "/console/../healthz", "/console/site/app.js",
                             "/consoles", "/console/%61pp.js", "/api/v1/devices"}) {
        EXPECT_FALSE(console_response(request(path))) << path;
    }
    EXPECT_FALSE(console_response(request("/console/", "POST")));
}

TEST(Console, foreign_text_never_becomes_markup) {
    for (const ConsoleFile& file : console_files()) {
        for (const char* way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                                "eval(", "new Function"}) {
            EXPECT_EQ(file.text.find(way), std::string::npos) << way << " in " << file.name;
        }
    }
}

TEST(Console, it_has_words_for_every_reason_and_colours_for_every_state) {
    const std::string words = text_of("words.js");
    for (int i = 1; i <= static_cast<int>(queueing::Reason::last); ++i) {
        const auto name = queueing::name_of(static_cast<queueing::Reason>(i));
        EXPECT_NE(words.find('"' + std::string(name) + "\": ["), std::string::npos) << name;
    }
    const std::string tones = text_of("format.js");
    for (int i = 0; i <= static_cast<int>(queueing::MessageState::unconfirmed); ++i) {
        const auto name = queueing::name_of(static_cast<queueing::MessageState>(i));
        EXPECT_NE(tones.find(std::string(name) + ": \""), std::string::npos) << name;
    }
}

}  // namespace
}  // namespace scef::adapter
