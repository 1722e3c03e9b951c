#include <atomic>
#include <fstream>

#include "tests/unit/nidd/client/client_fixture.h"
#include "tests/unit/nidd/raw_socket.h"
#include "tests/unit/nidd/test_folder.h"

namespace scef::nidd {
namespace {

using namespace test;
using Transport = T8Answer::Transport;

std::string token_response(const std::string& token, int life_seconds = 3600) {
    return response(200, R"({"access_token":")" + token + R"(","token_type":"Bearer",)" +
                             R"("expires_in":)" + std::to_string(life_seconds) + "}");
}

struct OAuth2 : ClientFixture {
    std::string secret_file = test_folder() + "oauth2-secret";
    std::size_t tokens_given = 0;
    std::string valid_token = "token-0";
    ScriptedServer token_server{[this](RawSocket& peer, std::size_t) {
        while (!token_server.take(peer).empty()) {
            peer.send(token_response("token-" + std::to_string(tokens_given++)));
        }
    }};
    ScriptedServer scef{[this](RawSocket& peer, std::size_t) {
        for (std::string request = scef.take(peer); !request.empty(); request = scef.take(peer)) {
            const bool valid =
                request.find("Authorization: Bearer " + valid_token + "\r\n") != std::string::npos;
            peer.send(response(valid ? 200 : 401, "{}"));
        }
    }};

    OAuth2() {
        std::ofstream(secret_file) << "s&cret\n";
        options.oauth2_token_url = token_server.url() + "/oauth2/token";
        options.oauth2_client_id = "the client";
        options.oauth2_client_secret_file = secret_file;
    }
    ~OAuth2() override { dut.reset(); }
};

TEST_F(OAuth2, one_token_serves_many_calls) {
    make(scef.url());

    for (int i = 0; i < 3; ++i) EXPECT_EQ(call().status, 200);

    ASSERT_EQ(token_server.requests().size(), 1u);
    const std::string request = token_server.requests()[0];
    EXPECT_TRUE(request.starts_with("POST /oauth2/token HTTP/1.1\r\n"));
    EXPECT_NE(request.find("Content-Type: application/x-www-form-urlencoded\r\n"),
              std::string::npos);
    EXPECT_TRUE(request.ends_with(
        "grant_type=client_credentials&client_id=the%20client&client_secret=s%26cret"));
}

TEST_F(OAuth2, calls_at_once_share_one_fetch) {
    make(scef.url());
    std::size_t done = 0;
    for (int i = 0; i < 5; ++i) {
        dut->submit(delivery(), [&done](const T8Answer& answer) { done += answer.status == 200; });
    }

    EXPECT_TRUE(run_until([&done] { return done == 5; }));
    EXPECT_EQ(token_server.requests().size(), 1u);
}

TEST_F(OAuth2, a_401_gets_one_new_token_and_one_repetition) {
    valid_token = "token-1";
    make(scef.url());

    EXPECT_EQ(call().status, 200);

    EXPECT_EQ(scef.requests().size(), 2u);
    EXPECT_EQ(token_server.requests().size(), 2u);
}

TEST_F(OAuth2, a_token_is_fetched_anew_before_it_ends_and_nobody_waits_for_it) {
    std::atomic<std::size_t> fetches{0};
    ScriptedServer unhurried([&fetches](RawSocket& peer, std::size_t) {
        while (!peer.read_message().empty()) {
            if (fetches++ == 0) peer.send(token_response("token-0", 2));
        }
    });
    options.oauth2_token_url = unhurried.url();
    make(scef.url());

    // The second fetch starts after 80 % of the two seconds and hangs.
    while (fetches < 2) ASSERT_EQ(call().status, 200);

    EXPECT_EQ(call().status, 200) << "the first token still serves";
    dut.reset();
}

TEST_F(OAuth2, a_second_401_is_the_answer) {
    valid_token = "never";
    make(scef.url());

    EXPECT_EQ(call().status, 401);

    EXPECT_EQ(scef.requests().size(), 2u);
}

TEST_F(OAuth2, an_answer_that_repeats_the_token_is_given_without_it) {
    ScriptedServer echo{[&](RawSocket& peer, std::size_t) {
        while (!echo.take(peer).empty()) peer.send(response(403, R"({"detail":"token-0 is bad"})"));
    }};
    make(echo.url());

    EXPECT_EQ(call().body, R"({"detail":"*** is bad"})");
}

TEST_F(OAuth2, without_a_token_nothing_is_sent) {
    ScriptedServer unwilling([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(response(400, R"({"error":"invalid_client"})"));
    });
    options.oauth2_token_url = unwilling.url();
    make(scef.url());

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::not_sent);
    EXPECT_EQ(answer.error.find("s&cret"), std::string::npos);
    EXPECT_TRUE(scef.requests().empty());
    dut.reset();
}

TEST_F(OAuth2, a_token_that_would_split_the_header_is_not_used) {
    ScriptedServer evil([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(token_response(R"(a\r\nX: y)"));
    });
    options.oauth2_token_url = evil.url();
    make(scef.url());

    EXPECT_EQ(call().transport, Transport::not_sent);
    dut.reset();
}

TEST_F(OAuth2, tokens_are_counted_with_the_end_of_the_last_one) {
    options.token_meter = std::make_shared<TokenMeter>();
    make(scef.url());
    EXPECT_EQ(options.token_meter->counts().expires_at, std::nullopt);
    const auto before = std::chrono::steady_clock::now().time_since_epoch();
    EXPECT_EQ(call().status, 200);
    const TokenMeter::Counts counts = options.token_meter->counts();
    EXPECT_EQ(counts.granted, 1u);
    EXPECT_EQ(counts.failed, 0u);
    ASSERT_TRUE(counts.expires_at);
    EXPECT_GE(*counts.expires_at - Instant(std::chrono::duration_cast<Duration>(before)),
              std::chrono::hours(1));
}

TEST_F(OAuth2, a_token_server_that_gives_none_is_counted) {
    ScriptedServer broken([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(response(503, "{}"));
    });
    options.oauth2_token_url = broken.url();
    options.token_meter = std::make_shared<TokenMeter>();
    make(scef.url());
    EXPECT_EQ(call().transport, Transport::not_sent);
    EXPECT_GE(options.token_meter->counts().failed, 1u);
    EXPECT_EQ(options.token_meter->counts().granted, 0u);
    dut.reset();
}

TEST_F(OAuth2, a_missing_secret_file_is_refused_at_the_start) {
    options.api_root = scef.url();
    options.oauth2_client_secret_file = "/nonexistent";
    const auto made = make_beast_t8_client(context, options);

    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("/nonexistent"), std::string::npos);
}

}  // namespace
}  // namespace scef::nidd
