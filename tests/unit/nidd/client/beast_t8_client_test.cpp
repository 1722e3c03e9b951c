#include "nidd/client/beast_t8_client.h"

#include <array>
#include <ctime>
#include <future>

#include "lwm2m-core/vocabulary/time_text.h"
#include "tests/unit/nidd/client/client_fixture.h"
#include "tests/unit/nidd/raw_socket.h"

namespace scef::nidd {
namespace {

using namespace test;
using Transport = T8Answer::Transport;
using namespace std::chrono_literals;

struct BeastT8Client : ClientFixture {};

/// Answers every request of every connection alike.
ScriptedServer::Script always(ScriptedServer*& server, const std::string& answer) {
    return [&server, answer](RawSocket& peer, std::size_t) {
        while (!server->take(peer).empty()) peer.send(answer);
    };
}

struct SteadyServer {
    explicit SteadyServer(const std::string& answer) : server(always(self, answer)) {}
    ScriptedServer* self = &server;
    ScriptedServer server;
};

TEST_F(BeastT8Client, a_delivery_is_posted_and_its_answer_comes_back) {
    SteadyServer scef(response(201, R"({"self":"/x"})", "Location: /y\r\nRetry-After: 9\r\n"));
    make(scef.server.url() + "/prefix/");

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::answered);
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.location, "/y");
    EXPECT_EQ(answer.body, R"({"self":"/x"})");
    EXPECT_EQ(answer.retry_after, Duration(9s));
    const std::string request = scef.server.requests().at(0);
    EXPECT_TRUE(request.starts_with(
        "POST /prefix/3gpp-nidd/v1/dm/configurations/c1/downlink-data-deliveries HTTP/1.1\r\n"));
    EXPECT_NE(request.find("Host: 127.0.0.1:" + std::to_string(scef.server.port()) + "\r\n"),
              std::string::npos);
    EXPECT_NE(request.find("Content-Type: application/json\r\n"), std::string::npos);
    EXPECT_NE(request.find("Accept: application/json"), std::string::npos);
    EXPECT_EQ(request.find("Authorization"), std::string::npos);
    EXPECT_TRUE(request.ends_with("\r\n\r\n" + delivery().body));
}

TEST_F(BeastT8Client, a_retry_after_is_capped_at_an_hour) {
    SteadyServer scef(response(503, "", "Retry-After: 999999\r\n"));
    make(scef.server.url());

    EXPECT_EQ(call().retry_after, Duration(1h));
}

TEST_F(BeastT8Client, a_retry_after_may_be_a_date) {
    const auto in_ten_minutes = std::chrono::system_clock::now() + 10min;
    const std::time_t time = std::chrono::system_clock::to_time_t(in_ten_minutes);
    std::array<char, 64> date{};
    std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&time));
    SteadyServer scef(response(429, "", std::string("Retry-After: ") + date.data() + "\r\n"));
    make(scef.server.url());

    const auto wait = call().retry_after;

    EXPECT_GT(wait, Duration(9min));
    EXPECT_LE(wait, Duration(10min));
}

TEST_F(BeastT8Client, the_time_of_the_scef_and_another_media_type_are_carried) {
    SteadyServer scef(response(200, "{}", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    make(scef.server.url());
    T8Request request = delivery();
    request.media_type = "application/merge-patch+json";

    const T8Answer answer = call(request);

    EXPECT_EQ(answer.date, *from_rfc3339("1994-11-06T08:49:37Z"));
    EXPECT_NE(scef.server.requests().at(0).find("Content-Type: application/merge-patch+json\r\n"),
              std::string::npos);
}

TEST_F(BeastT8Client, a_retry_after_that_cannot_be_read_is_none) {
    SteadyServer scef(response(503, "", "Retry-After: soon\r\n"));
    make(scef.server.url());

    EXPECT_EQ(call().retry_after, std::nullopt);
}

TEST_F(BeastT8Client, calls_one_after_another_share_a_connection) {
    SteadyServer scef(response(200, "{}"));
    make(scef.server.url());

    for (int i = 0; i < 5; ++i) EXPECT_EQ(call().status, 200);

    EXPECT_EQ(scef.server.connections(), 1u);
}

TEST_F(BeastT8Client, connection_close_ends_the_connection) {
    SteadyServer scef(response(200, "{}", "Connection: close\r\n"));
    make(scef.server.url());

    EXPECT_EQ(call().status, 200);
    EXPECT_EQ(call().status, 200);

    EXPECT_EQ(scef.server.connections(), 2u);
}

TEST_F(BeastT8Client, nobody_listening_is_not_sent) {
    make("http://127.0.0.1:" + std::to_string(free_port()));

    const T8Answer answer = call();

    EXPECT_EQ(answer.transport, Transport::not_sent);
    EXPECT_FALSE(answer.error.empty());
}

TEST_F(BeastT8Client, a_peer_that_never_shakes_hands_is_not_sent) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) { peer.read_to_end(); });
    options.connect_timeout = 100ms;
    make("https://127.0.0.1:" + std::to_string(scef.port()));

    EXPECT_EQ(call().transport, Transport::not_sent);
    dut.reset();
}

TEST_F(BeastT8Client, a_connection_closed_before_the_answer_is_ambiguous) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) { peer.read_message(); });
    make(scef.url());

    EXPECT_EQ(call().transport, Transport::ambiguous);
}

TEST_F(BeastT8Client, a_hanging_scef_is_ambiguous_after_the_request_timeout) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(response(200, "{}"));
        peer.read_to_end();
    });
    options.request_timeout = 200ms;
    make(scef.url());
    while (call().status != 200) {  // until there is a connection, however slow the machine
    }

    EXPECT_EQ(call().transport, Transport::ambiguous);
    dut.reset();
}

TEST_F(BeastT8Client, an_answer_may_come_octet_by_octet) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) {
        peer.read_message();
        for (const char octet : response(200, R"({"deliveryStatus":"SUCCESS"})")) {
            peer.send({&octet, 1});
        }
    });
    make(scef.url());

    EXPECT_EQ(call().body, R"({"deliveryStatus":"SUCCESS"})");
}

class BrokenAnswer : public ClientFixture, public testing::WithParamInterface<const char*> {};

TEST_P(BrokenAnswer, is_ambiguous) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(GetParam());
    });
    make(scef.url());

    EXPECT_EQ(call().transport, Transport::ambiguous);
}

INSTANTIATE_TEST_SUITE_P(
    Reliability, BrokenAnswer,
    testing::Values("garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                    "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nxx",
                    "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"));

TEST_F(BeastT8Client, a_response_above_the_cap_is_ambiguous) {
    SteadyServer scef(response(200, std::string(5000, 'x')));
    options.response_octets = 4096;
    make(scef.server.url());

    EXPECT_EQ(call().transport, Transport::ambiguous);
}

TEST_F(BeastT8Client, the_list_of_all_configurations_may_be_longer) {
    SteadyServer scef(response(200, std::string(5000, 'x')));
    options.response_octets = 4096;
    make(scef.server.url());
    T8Request list;
    list.operation = T8Request::Operation::list_configurations;

    EXPECT_EQ(call(list).body.size(), 5000u);
    EXPECT_TRUE(scef.server.requests().at(0).starts_with("GET /3gpp-nidd/v1/dm/configurations "));
}

TEST_F(BeastT8Client, interim_responses_are_skipped_but_not_without_end) {
    SteadyServer patient("HTTP/1.1 103 Early Hints\r\n\r\n" + response(204, ""));
    make(patient.server.url());
    EXPECT_EQ(call().status, 204);
    dut.reset();

    std::string flood;
    for (int i = 0; i < 100; ++i) flood += "HTTP/1.1 100 Continue\r\n\r\n";
    SteadyServer flooding(flood + response(204, ""));
    make(flooding.server.url());
    EXPECT_EQ(call().transport, Transport::ambiguous);
    dut.reset();
}

TEST_F(BeastT8Client, a_body_may_end_with_the_connection) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}");
    });
    make(scef.url());

    EXPECT_EQ(call().body, R"({"a":1})");
}

TEST_F(BeastT8Client, a_connection_that_the_scef_closed_while_idle_is_not_used_again) {
    std::promise<void> closed;
    ScriptedServer scef([&closed](RawSocket& peer, std::size_t number) {
        peer.read_message();
        peer.send(response(200, "{}"));
        if (number > 0) return;
        peer.close();
        closed.set_value();
    });
    make(scef.url());
    EXPECT_EQ(call().status, 200);
    closed.get_future().wait();

    EXPECT_EQ(call().status, 200);
    EXPECT_EQ(scef.connections(), 2u);
}

TEST_F(BeastT8Client, a_kept_connection_closed_after_the_request_was_written_is_ambiguous) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) {
        peer.read_message();
        peer.send(response(200, "{}"));
        peer.read_message();
    });
    make(scef.url());
    EXPECT_EQ(call().status, 200);

    EXPECT_EQ(call().transport, Transport::ambiguous);
    EXPECT_EQ(scef.connections(), 1u) << "a written request must not be repeated";
}

TEST_F(BeastT8Client, requests_beyond_the_connections_wait_and_give_up_unsent) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) { peer.read_to_end(); });
    options.connections_max = 1;
    options.request_timeout = 2s;  // of which the connection takes a part
    make(scef.url());
    std::vector<Transport> endings;
    for (int i = 0; i < 3; ++i) {
        dut->submit(delivery(),
                    [&](const T8Answer& answer) { endings.push_back(answer.transport); });
    }

    EXPECT_TRUE(run_until([&] { return endings.size() == 3; }));

    EXPECT_EQ(std::count(endings.begin(), endings.end(), Transport::ambiguous), 1);
    EXPECT_EQ(std::count(endings.begin(), endings.end(), Transport::not_sent), 2);
    dut.reset();
}

TEST_F(BeastT8Client, waiting_requests_go_in_order) {
    SteadyServer scef(response(200, "{}"));
    options.connections_max = 1;
    make(scef.server.url());
    std::size_t done = 0;
    for (const char* id : {"c0", "c1", "c2", "c3"}) {
        T8Request request = delivery();
        request.configuration_id = id;
        dut->submit(request, [&done](const T8Answer&) { ++done; });
    }

    EXPECT_TRUE(run_until([&done] { return done == 4; }));

    const auto requests = scef.server.requests();
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_NE(requests[i].find("/configurations/c" + std::to_string(i) + "/"),
                  std::string::npos);
    }
}

TEST_F(BeastT8Client, a_redirection_to_the_same_server_is_followed_once) {
    SteadyServer scef(response(307, "", "Location: /elsewhere\r\n"));
    make(scef.server.url());

    EXPECT_EQ(call().status, 307);

    const auto requests = scef.server.requests();
    ASSERT_EQ(requests.size(), 2u);
    EXPECT_TRUE(requests[1].starts_with("POST /elsewhere HTTP/1.1\r\n"));
    EXPECT_TRUE(requests[1].ends_with(delivery().body));
}

TEST_F(BeastT8Client, a_redirection_elsewhere_is_not_followed) {
    SteadyServer other(response(200, "{}"));
    for (const std::string& location : {other.server.url() + "/x", std::string("//127.0.0.1/x"),
                                        std::string("/a b"), std::string()}) {
        SteadyServer scef(response(308, "", "Location: " + location + "\r\n"));
        make(scef.server.url());
        EXPECT_EQ(call().status, 308) << location;
        EXPECT_EQ(scef.server.requests().size(), 1u) << location;
        dut.reset();
    }
    EXPECT_EQ(other.server.connections(), 0u);
}

TEST_F(BeastT8Client, destroying_it_drops_what_is_open) {
    ScriptedServer scef([](RawSocket& peer, std::size_t) { peer.read_to_end(); });
    make(scef.url());
    bool called = false;
    dut->submit(delivery(), [&called](const T8Answer&) { called = true; });
    run_until([&scef] { return scef.connections() == 1; });

    dut.reset();
    context.restart();
    context.run();

    EXPECT_FALSE(called);
}

TEST_F(BeastT8Client, options_that_cannot_work_are_refused) {
    for (const char* root : {"", "ftp://x", "http://", "http://u@h", "http://h:0", "http://h:x",
                             "http://h/#f", "http://h/a b", "http://[::1"}) {
        options.api_root = root;
        EXPECT_FALSE(make_beast_t8_client(context, options)) << root;
    }
    options.api_root = "https://h";
    options.tls.ca = "/nonexistent.pem";
    EXPECT_FALSE(make_beast_t8_client(context, options));
}

class HttpCallOf : public testing::TestWithParam<std::pair<T8Request::Operation, const char*>> {};

TEST_P(HttpCallOf, goes_to_its_resource) {
    const auto& [operation, expected] = GetParam();
    const T8Prefixes prefixes{"/p", "/t", "/m"};

    const HttpCall http = http_call_of({operation, "c/1", "t 2", {}, "r?3"}, prefixes, "a@b");

    EXPECT_EQ(http.method + ' ' + http.target + ' ' + http.content_type, expected);
}

using Operation = T8Request::Operation;

INSTANTIATE_TEST_SUITE_P(
    Operations, HttpCallOf,
    testing::Values(
        std::pair{Operation::create_configuration, "POST /p/a%40b/configurations application/json"},
        std::pair{Operation::list_configurations, "GET /p/a%40b/configurations "},
        std::pair{Operation::patch_configuration,
                  "PATCH /p/a%40b/configurations/c%2F1 application/merge-patch+json"},
        std::pair{Operation::read_configuration, "GET /p/a%40b/configurations/c%2F1 "},
        std::pair{Operation::delete_configuration, "DELETE /p/a%40b/configurations/c%2F1 "},
        std::pair{Operation::create_delivery,
                  "POST /p/a%40b/configurations/c%2F1/downlink-data-deliveries application/json"},
        std::pair{Operation::list_deliveries,
                  "GET /p/a%40b/configurations/c%2F1/downlink-data-deliveries "},
        std::pair{Operation::read_delivery,
                  "GET /p/a%40b/configurations/c%2F1/downlink-data-deliveries/t%202 "},
        std::pair{
            Operation::replace_delivery,
            "PUT /p/a%40b/configurations/c%2F1/downlink-data-deliveries/t%202 application/json"},
        std::pair{
            Operation::patch_delivery,
            "PATCH /p/a%40b/configurations/c%2F1/downlink-data-deliveries/t%202 application/json"},
        std::pair{Operation::delete_delivery,
                  "DELETE /p/a%40b/configurations/c%2F1/downlink-data-deliveries/t%202 "},
        std::pair{Operation::list_rds_ports, "GET /p/a%40b/configurations/c%2F1/rds-ports "},
        std::pair{Operation::create_trigger, "POST /t/a%40b/transactions application/json"},
        std::pair{Operation::read_trigger, "GET /t/a%40b/transactions/r%3F3 "},
        std::pair{Operation::delete_trigger, "DELETE /t/a%40b/transactions/r%3F3 "},
        std::pair{Operation::create_subscription, "POST /m/a%40b/subscriptions application/json"},
        std::pair{Operation::read_subscription, "GET /m/a%40b/subscriptions/r%3F3 "},
        std::pair{Operation::delete_subscription, "DELETE /m/a%40b/subscriptions/r%3F3 "}),
    [](const auto& row) { return std::string(name_of(row.param.first)); });

}  // namespace
}  // namespace scef::nidd
