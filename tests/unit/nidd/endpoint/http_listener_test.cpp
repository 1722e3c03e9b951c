#include "nidd/endpoint/http_listener.h"

#include <atomic>
#include <ctime>
#include <future>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "tests/eventually.h"
#include "tests/unit/nidd/raw_socket.h"

namespace scef::nidd {
namespace {

using namespace test;
using namespace std::chrono_literals;
using scef::test::eventually;

constexpr const char* get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

/// A listener whose handler echoes method, path and body, unless a test puts its own in.
struct ListenerTest : testing::Test {
    HttpListener::Options options;
    HttpHandler handler = [this](const HttpRequest& request, const HttpReply& reply) {
        const std::lock_guard lock(mutex);
        handled.push_back(request);
        HttpResponse response;
        response.body = request.method + ' ' + request.path + ' ' + request.body;
        reply(response);
    };
    std::mutex mutex;
    std::vector<HttpRequest> handled;
    std::unique_ptr<HttpListener> dut;

    ListenerTest() { options.address = "127.0.0.1:0"; }
    void start() {
        auto started = HttpListener::start(options, handler);
        ASSERT_TRUE(started) << started.error().message;
        dut = std::move(*started);
    }
    RawSocket connect() const { return RawSocket::connect(dut->port()); }
    std::string exchange(std::string_view octets) const {
        RawSocket peer = connect();
        peer.send(octets);
        return peer.read_message();
    }
};

TEST_F(ListenerTest, requests_on_one_connection_are_answered_in_turn) {
    start();
    RawSocket peer = connect();
    peer.send(get);
    EXPECT_TRUE(peer.read_message().ends_with("\r\n\r\nGET /x "));
    peer.send("POST /y HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");
    EXPECT_TRUE(peer.read_message().ends_with("\r\n\r\nPOST /y ab"));
    peer.send(
        "POST /z HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
        "chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n");
    EXPECT_TRUE(peer.read_message().ends_with("\r\n\r\nPOST /z abc"));

    EXPECT_EQ(dut->counters().connections, 1u);
    EXPECT_EQ(dut->counters().requests, 3u);
    EXPECT_EQ(handled.at(0).peer_address, "127.0.0.1");
}

TEST_F(ListenerTest, pipelined_requests_are_answered_in_order) {
    start();
    RawSocket peer = connect();
    peer.send(std::string(get) + "GET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + get);

    EXPECT_TRUE(peer.read_message().ends_with("GET /x "));
    EXPECT_TRUE(peer.read_message().ends_with("GET /2 "));
    EXPECT_EQ(peer.read_to_end(), "");
    EXPECT_EQ(dut->counters().requests, 2u);
}

class Attack : public ListenerTest,
               public testing::WithParamInterface<std::tuple<const char*, int, std::string>> {};

TEST_P(Attack, is_answered_once_and_nothing_after_it_is_looked_at) {
    start();
    RawSocket peer = connect();
    peer.send(std::get<2>(GetParam()) + get + get);

    const std::string all = peer.read_to_end();

    EXPECT_EQ(status_of(all), std::get<1>(GetParam()));
    EXPECT_NE(all.find("Connection: close\r\n"), std::string::npos);
    EXPECT_NE(all.find("application/problem+json"), std::string::npos);
    EXPECT_EQ(all.find("HTTP/1.1", 1), std::string::npos) << "a second answer";
    EXPECT_TRUE(handled.empty());
    EXPECT_EQ(dut->counters().rejected_by_policy, 1u);
}

std::string post(const std::string& fields) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Reliability, Attack,
    testing::Values(
        std::tuple{"length_and_coding", 400,
                   post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"},
        std::tuple{"two_lengths", 400, post("Content-Length: 2\r\nContent-Length: 2\r\n")},
        std::tuple{"xchunked", 400, post("Transfer-Encoding: xchunked\r\n")},
        std::tuple{"chunked_identity", 400, post("Transfer-Encoding: chunked, identity\r\n")},
        std::tuple{"chunked_1_0", 400,
                   std::string("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")},
        std::tuple{"negative_chunk", 400, post("Transfer-Encoding: chunked\r\n") + "-2\r\n"},
        std::tuple{"long_extension", 400,
                   post("Transfer-Encoding: chunked\r\n") + "1;" + std::string(1 << 20, 'x')},
        std::tuple{"trailer", 400,
                   post("Transfer-Encoding: chunked\r\n") + "0\r\nAuthorization: x\r\n\r\n"},
        std::tuple{
            "endless_chunks", 413,
            post("Transfer-Encoding: chunked\r\n") + "fffff\r\n" + std::string(100'000, 'x')},
        std::tuple{"long_body", 413, post("Content-Length: 70000\r\n") + std::string(70'000, 'x')},
        std::tuple{"no_host", 400, std::string("GET / HTTP/1.1\r\n\r\n")},
        std::tuple{"absolute_target", 400,
                   std::string("GET http://e/ HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::tuple{"folded", 400, post("X: a\r\n b\r\n")},
        std::tuple{"bare_lf", 400, std::string("GET / HTTP/1.1\nHost: h\n\n")},
        std::tuple{"nul", 400, post(std::string("X: a\0b\r\n", 8))},
        std::tuple{"long_target", 414, "GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\n"},
        std::tuple{"endless_line", 414, std::string(1 << 20, 'a')},
        std::tuple{"endless_header", 431,
                   "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(1 << 20, 'a')},
        std::tuple{"expectation", 417, post("Expect: 100-continue\r\nContent-Length: 1\r\n")},
        std::tuple{"gzip", 415, post("Content-Encoding: gzip\r\n")},
        std::tuple{"trace", 405, std::string("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n")},
        std::tuple{"unknown_method", 501, std::string("BREW / HTTP/1.1\r\nHost: h\r\n\r\n")}),
    [](const auto& row) { return std::get<0>(row.param); });

TEST_F(ListenerTest, a_slow_head_is_cut_with_408) {
    options.policy.header_deadline = 100ms;
    start();
    RawSocket peer = connect();
    peer.send("GET / HTTP/1.1\r\nHost:");

    EXPECT_EQ(status_of(peer.read_to_end()), 408);
    EXPECT_EQ(dut->counters().timeouts, 1u);
}

TEST_F(ListenerTest, a_dripping_head_gets_no_more_time_than_a_silent_one) {
    options.policy.header_deadline = 100ms;
    start();
    RawSocket peer = connect();
    peer.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 1000 && !peer.is_readable(10); ++i) peer.send("X");

    EXPECT_EQ(status_of(peer.read_message()), 408);
    EXPECT_LT(dut->counters().requests, 1u);
}

TEST_F(ListenerTest, a_slow_body_is_cut_with_408) {
    options.policy.body_deadline = 100ms;
    start();
    RawSocket peer = connect();
    peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");

    EXPECT_EQ(status_of(peer.read_to_end()), 408);
}

TEST_F(ListenerTest, a_silent_connection_is_closed_without_a_word) {
    options.policy.header_deadline = 50ms;
    options.policy.idle_deadline = 50ms;
    start();
    EXPECT_EQ(connect().read_to_end(), "");
    RawSocket peer = connect();
    peer.send(get);
    EXPECT_EQ(status_of(peer.read_message()), 200);
    EXPECT_EQ(peer.read_to_end(), "");
}

TEST_F(ListenerTest, a_peer_that_does_not_read_is_cut) {
    options.policy.write_deadline = 100ms;
    handler = [](const HttpRequest&, const HttpReply& reply) {
        HttpResponse response;
        response.body.assign(std::size_t{32} << 20, 'x');
        reply(response);
    };
    start();
    RawSocket peer = connect();
    peer.send(get);

    EXPECT_TRUE(eventually([this] { return dut->counters().timeouts == 1; }));
    EXPECT_LT(peer.read_to_end().size(), std::size_t{32} << 20);
}

TEST_F(ListenerTest, slow_connections_do_not_keep_others_out) {
    options.policy.connections_per_peer = 20;
    start();
    std::vector<RawSocket> slow;
    for (int i = 0; i < 60; ++i) {
        slow.push_back(connect());
        slow.back().send("GET / HT");
    }

    EXPECT_EQ(status_of(exchange(get)), 200);
    EXPECT_EQ(slow.front().read_to_end(), "") << "the oldest made room";
    EXPECT_FALSE(slow.back().is_readable(0)) << "the newest is still there";
}

TEST_F(ListenerTest, a_peer_whose_connections_all_work_is_told_so_at_its_cap) {
    options.policy.connections_per_peer = 1;
    std::promise<HttpReply> held;
    handler = [&held](const HttpRequest&, HttpReply reply) { held.set_value(std::move(reply)); };
    start();
    RawSocket busy = connect();
    busy.send(get);
    const HttpReply reply = held.get_future().get();

    EXPECT_EQ(status_of(connect().read_to_end()), 503);
    EXPECT_EQ(dut->counters().refused_connections, 1u);

    reply({});
    EXPECT_EQ(status_of(busy.read_message()), 200);
}

TEST_F(ListenerTest, sources_outside_the_list_are_closed_at_once) {
    options.sources = {"192.0.2.0/24"};
    start();
    EXPECT_EQ(exchange(get), "");
    EXPECT_EQ(dut->counters().refused_connections, 1u);
}

TEST_F(ListenerTest, a_handler_that_drops_its_reply_has_answered_500) {
    handler = [](const HttpRequest&, const HttpReply&) {};
    start();
    EXPECT_EQ(status_of(exchange(get)), 500);
}

TEST_F(ListenerTest, only_the_first_answer_counts_and_any_thread_may_give_it) {
    handler = [](const HttpRequest&, const HttpReply& reply) {
        std::thread([reply] {
            reply({201, "text/plain", "first", {}});
            reply({500, "text/plain", "second", {}});
        }).join();
    };
    start();
    RawSocket peer = connect();
    for (int i = 0; i < 3; ++i) {
        peer.send(get);
        EXPECT_TRUE(peer.read_message().ends_with("first"));
    }
}

TEST_F(ListenerTest, the_number_of_requests_on_a_connection_may_be_limited) {
    options.policy.requests_per_connection = 2;
    start();
    RawSocket peer = connect();
    peer.send(std::string(get) + get + get);

    EXPECT_NE(peer.read_message().find("Connection: keep-alive"), std::string::npos);
    EXPECT_NE(peer.read_message().find("Connection: close"), std::string::npos);
    EXPECT_EQ(peer.read_to_end(), "");
}

TEST_F(ListenerTest, a_head_request_is_answered_without_body) {
    start();
    RawSocket peer = connect();
    peer.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    const std::string all = peer.read_to_end();
    EXPECT_NE(all.find("Content-Length: 8\r\n"), std::string::npos);
    EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

TEST_F(ListenerTest, stopping_waits_for_the_answer_in_progress) {
    std::promise<HttpReply> held;
    handler = [&held](const HttpRequest&, HttpReply reply) { held.set_value(std::move(reply)); };
    start();
    RawSocket idle = connect();
    RawSocket busy = connect();
    busy.send(get);
    const HttpReply reply = held.get_future().get();
    std::thread stopping([this] { dut->stop(10s); });
    EXPECT_EQ(idle.read_to_end(), "") << "who waits for nothing is closed at once";

    reply({});

    EXPECT_EQ(status_of(busy.read_to_end()), 200);
    stopping.join();
}

TEST_F(ListenerTest, an_answer_after_the_end_is_harmless) {
    std::promise<HttpReply> held;
    handler = [&held](const HttpRequest&, HttpReply reply) { held.set_value(std::move(reply)); };
    start();
    RawSocket busy = connect();
    busy.send(get);
    const HttpReply reply = held.get_future().get();

    dut->stop(0s);
    dut.reset();
    reply({});

    EXPECT_EQ(busy.read_to_end(), "");
}

TEST_F(ListenerTest, without_descriptors_it_waits_instead_of_spinning) {
    start();
    EXPECT_EQ(status_of(exchange(get)), 200);
    rlimit usual{};
    getrlimit(RLIMIT_NOFILE, &usual);
    rlimit none = usual;
    RawSocket peer(::socket(AF_INET, SOCK_STREAM, 0));
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    peer.connect_to(dut->port());
    peer.send(get);
    const std::clock_t before = std::clock();
    EXPECT_FALSE(peer.is_readable(300));
    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    setrlimit(RLIMIT_NOFILE, &usual);

    EXPECT_LT(busy, 0.1);
    EXPECT_EQ(status_of(peer.read_message()), 200);
}

TEST_F(ListenerTest, mistakes_at_the_start_are_one_sentence) {
    start();
    HttpListener::Options taken = options;
    taken.address = "127.0.0.1:" + std::to_string(dut->port());
    EXPECT_NE(HttpListener::start(taken, handler).error().message.find(taken.address),
              std::string::npos);

    for (const char* address : {"", "127.0.0.1", "nonsense:80", "127.0.0.1:x", "127.0.0.1:70000"}) {
        HttpListener::Options wrong = options;
        wrong.address = address;
        EXPECT_FALSE(HttpListener::start(wrong, handler)) << address;
    }
    HttpListener::Options tls = options;
    tls.tls.certificate = tls.tls.key = "/nonexistent.pem";
    EXPECT_FALSE(HttpListener::start(tls, handler));
}

TEST_F(ListenerTest, a_large_body_is_taken_where_the_policy_says_so_and_no_more_than_so_many) {
    options.policy.body_octets = 10;
    options.policy.large_body_octets = 30;
    options.policy.large_bodies = 1;
    options.policy.takes_large_body = [](const HttpRequest& head) { return head.path == "/batch"; };
    std::promise<HttpReply> held;
    handler = [&](const HttpRequest& request, HttpReply reply) {
        if (request.headers.contains("x-hold")) return held.set_value(std::move(reply));
        reply({200, "text/plain", std::to_string(request.body.size()), {}});
    };
    start();
    const auto post = [](const std::string& path, std::size_t octets, const char* more = "") {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + more +
               "Content-Length: " + std::to_string(octets) + "\r\n\r\n" + std::string(octets, 'x');
    };
    EXPECT_EQ(exchange(post("/batch", 30)).substr(9, 3), "200");
    EXPECT_EQ(exchange(post("/other", 11)).substr(9, 3), "413");
    EXPECT_EQ(exchange(post("/batch", 31)).substr(9, 3), "413");
    RawSocket first = connect();
    first.send(post("/batch", 11, "X-Hold: 1\r\n"));
    const HttpReply reply = held.get_future().get();
    EXPECT_EQ(exchange(post("/batch", 11)).substr(9, 3), "503");
    EXPECT_EQ(exchange(post("/batch", 10)).substr(9, 3), "200");
    reply({200, "text/plain", "done", {}});
    EXPECT_EQ(first.read_message().substr(9, 3), "200");
    EXPECT_TRUE(eventually([&] { return exchange(post("/batch", 11)).substr(9, 3) == "200"; }));
}

}  // namespace
}  // namespace scef::nidd
