#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "nidd/endpoint/http_listener.h"
#include "nidd/endpoint/http_policy.h"
#include "tests/eventually.h"
#include "tests/unit/nidd/raw_socket.h"

/// Bodies without a known end (RFC 9112 7.1).
namespace scef::nidd {
namespace {

using namespace test;
using namespace std::chrono_literals;
using scef::test::eventually;

constexpr const char* get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

/// Gives the pieces that the test hands in, in turn.
class GivenStream final : public HttpStream {
public:
    void next(Take take) override {
        const std::lock_guard lock(mutex_);
        take_ = std::move(take);
        ++asked;
        give();
    }
    void on_closed() override { closed = true; }

    void push(std::string piece) {
        const std::lock_guard lock(mutex_);
        pieces_.push_back(std::move(piece));
        give();
    }

    std::atomic<int> asked{0};
    std::atomic<bool> closed{false};

private:
    void give() {
        if (take_ == nullptr || pieces_.empty()) return;
        std::string piece = std::move(pieces_.front());
        pieces_.pop_front();
        std::exchange(take_, nullptr)(std::move(piece));
    }

    std::mutex mutex_;
    Take take_;
    std::deque<std::string> pieces_;
};

struct HttpStreamTest : testing::Test {
    std::shared_ptr<GivenStream> stream = std::make_shared<GivenStream>();
    HttpListener::Options options;
    std::unique_ptr<HttpListener> dut;

    void start() {
        options.address = "127.0.0.1:0";
        auto started = HttpListener::start(options, [this](const HttpRequest&,
                                                           const HttpReply& reply) {
            HttpResponse response{200, "text/event-stream", "", {{"Cache-Control", "no-store"}}};
            response.stream = stream;
            reply(std::move(response));
        });
        ASSERT_TRUE(started) << started.error().message;
        dut = std::move(*started);
    }
    RawSocket ask(std::string_view request = get) const {
        RawSocket peer = RawSocket::connect(dut->port());
        peer.send(request);
        return peer;
    }
};

TEST_F(HttpStreamTest, pieces_go_out_as_chunks_until_an_empty_one) {
    start();
    RawSocket peer = ask();
    stream->push("first");
    stream->push(std::string(300, 'x'));
    stream->push("");
    const std::string all = peer.read_to_end();
    EXPECT_TRUE(
        all.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        "Transfer-Encoding: chunked\r\nCache-Control: no-store\r\n"
                        "Connection: close\r\n\r\n"))
        << all.substr(0, 300);
    EXPECT_TRUE(
        all.ends_with("\r\n\r\n5\r\nfirst\r\n12c\r\n" + std::string(300, 'x') + "\r\n0\r\n\r\n"));
    EXPECT_TRUE(eventually([&] { return stream->closed.load(); }));
}

TEST_F(HttpStreamTest, the_next_piece_is_asked_for_when_the_one_before_went_out) {
    start();
    RawSocket peer = ask();
    EXPECT_TRUE(eventually([&] { return stream->asked == 1; }));
    stream->push("a");
    EXPECT_TRUE(eventually([&] { return stream->asked == 2; }));
}

TEST_F(HttpStreamTest, a_reader_that_reads_nothing_is_cut) {
    options.policy.write_deadline = 50ms;
    start();
    RawSocket peer = ask();
    for (int i = 0; i < 64; ++i) stream->push(std::string(std::size_t{1} << 20, 'x'));
    EXPECT_TRUE(eventually([&] { return stream->closed.load(); }));
    EXPECT_LT(stream->asked, 64);
    EXPECT_EQ(dut->counters().timeouts, 1u);
}

TEST_F(HttpStreamTest, a_silent_stream_outlives_all_deadlines) {
    options.policy.write_deadline = 20ms;
    options.policy.idle_deadline = 20ms;
    options.policy.body_deadline = 20ms;
    options.policy.header_deadline = 20ms;
    start();
    RawSocket peer = ask();
    EXPECT_TRUE(eventually([&] { return stream->asked == 1; }));
    EXPECT_TRUE(peer.is_readable(1000)) << "the head";
    RawSocket another = ask("GET /x HTTP/1.1\r\n");  // times out meanwhile
    EXPECT_NE(another.read_to_end(), "");
    EXPECT_FALSE(stream->closed);
    stream->push("late");
    EXPECT_TRUE(eventually([&] { return stream->asked == 2; }));
}

TEST_F(HttpStreamTest, the_stream_hears_when_its_reader_goes) {
    start();
    {
        RawSocket peer = ask();
        EXPECT_TRUE(eventually([&] { return stream->asked == 1; }));
    }
    EXPECT_TRUE(eventually([&] { return stream->closed.load(); }));
}

TEST_F(HttpStreamTest, the_end_of_the_listener_ends_the_body_properly) {
    start();
    RawSocket peer = ask();
    EXPECT_TRUE(eventually([&] { return stream->asked == 1; }));
    dut->stop(5s);
    EXPECT_TRUE(peer.read_to_end().ends_with("\r\n0\r\n\r\n"));
    EXPECT_TRUE(stream->closed);
}

TEST_F(HttpStreamTest, head_gets_no_body) {
    start();
    RawSocket peer = ask("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(peer.read_to_end().ends_with("\r\n\r\n"));
    EXPECT_TRUE(stream->closed);
    EXPECT_EQ(stream->asked, 0);
}

TEST(HttpChunk, its_size_is_hexadecimal) {
    EXPECT_EQ(write_chunk("abc"), "3\r\nabc\r\n");
    EXPECT_TRUE(write_chunk(std::string(4096, 'a')).starts_with("1000\r\n"));
}

}  // namespace
}  // namespace scef::nidd
