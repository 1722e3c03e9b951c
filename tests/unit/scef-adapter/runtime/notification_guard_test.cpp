#include "scef-adapter/runtime/notification_guard.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

nidd::HttpRequest request(const std::string& authorization, const std::string& address) {
    nidd::HttpRequest request;
    request.method = "POST";
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    request.peer_address = address;
    return request;
}

struct Guarded : testing::Test {
    NotificationGuard dut{*NotificationGuard::parse("# operator a\nfirst\n\nsecond\n", "tokens")};
    Instant now{1h};

    /// 0: it may go on.
    int status(const std::string& authorization, const std::string& address = "192.0.2.1") {
        const auto refusal = dut.refuse(request(authorization, address), now);
        return refusal ? refusal->status : 0;
    }
};

TEST_F(Guarded, each_token_of_the_file_lets_in) {
    EXPECT_EQ(status("Bearer first"), 0);
    EXPECT_EQ(status("bearer second"), 0);
    EXPECT_EQ(status("Bearer # operator a"), 401);
}

TEST_F(Guarded, a_missing_token_is_401_and_never_counted) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(status(""), 401);
    EXPECT_EQ(status("Basic Zmlyc3Q="), 401);
    EXPECT_EQ(status("Bearer wrong"), 401);
    const auto refusal = dut.refuse(request("", "192.0.2.1"), now);
    EXPECT_EQ(refusal->headers.front(),
              (std::pair<std::string, std::string>{"WWW-Authenticate", "Bearer"}));
}

TEST_F(Guarded, the_sixth_wrong_token_of_an_address_within_a_minute_is_429) {
    for (int i = 0; i < 5; ++i) EXPECT_EQ(status("Bearer wrong"), 401);
    now += 20s;
    const auto refusal = dut.refuse(request("Bearer wrong", "192.0.2.1"), now);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 429);
    EXPECT_EQ(refusal->headers.front(), (std::pair<std::string, std::string>{"Retry-After", "40"}));
    EXPECT_EQ(status("Bearer wrong", "192.0.2.2"), 401);
    EXPECT_EQ(status("Bearer first"), 0) << "a right one is never refused";
    now += 40s;
    EXPECT_EQ(status("Bearer wrong"), 401);
}

TEST(NotificationGuard, without_tokens_everyone_may_go_on) {
    NotificationGuard dut;
    EXPECT_FALSE(dut.refuse(request("", "192.0.2.1"), Instant(1h)));
    EXPECT_FALSE(dut.refuse(request("Bearer x", "192.0.2.1"), Instant(1h)));
}

TEST(NotificationGuard, a_bad_file_is_refused_without_showing_a_token) {
    for (const auto& [text, sentence] :
         {std::pair{"", "there is no token in tokens"},
          {"# none\n", "there is no token in tokens"},
          {"good\nsecret with blank\n", "tokens line 2: a token has 1 to 512 visible"},
          {"same\nsame\n", "tokens line 2: this token was given before"}}) {
        const auto read = NotificationGuard::parse(text, "tokens");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().message.find("notifications.tokens_file: "), 0u);
        EXPECT_NE(read.error().message.find(sentence), std::string::npos) << read.error().message;
        EXPECT_EQ(read.error().message.find("secret"), std::string::npos);
    }
}

}  // namespace
}  // namespace scef::adapter
