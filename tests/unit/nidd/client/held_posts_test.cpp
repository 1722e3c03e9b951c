#include <mutex>

#include <sys/resource.h>

#include "nidd/endpoint/http_listener.h"
#include "tests/unit/nidd/client/client_fixture.h"

namespace scef::nidd {
namespace {

using namespace test;

constexpr std::size_t posts = 1000;
constexpr std::size_t further = 100;

/// Both ends of 1,100 connections are in this process. False if it may not have so many.
bool raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    return limit.rlim_cur >= 2 * (posts + further) + 100;
}

struct HeldPosts : ClientFixture {
    std::mutex mutex;
    std::vector<HttpReply> held;
    std::unique_ptr<HttpListener> scef;

    /// A SCEF that holds every POST, as for a hop that has not acknowledged, and answers the rest.
    void start_scef() {
        HttpListener::Options listen;
        listen.address = "127.0.0.1:0";
        listen.policy.connections = 2000;
        listen.policy.connections_per_peer = 2000;
        auto started =
            HttpListener::start(listen, [this](const HttpRequest& request, HttpReply reply) {
                if (request.method == "GET") {
                    reply({200, "application/json", "[]", {}});
                    return;
                }
                const std::lock_guard lock(mutex);
                held.push_back(std::move(reply));
            });
        ASSERT_TRUE(started) << started.error().message;
        scef = std::move(*started);
    }
    std::size_t held_count() {
        const std::lock_guard lock(mutex);
        return held.size();
    }
};

TEST_F(HeldPosts, a_thousand_do_not_slow_the_hundred_after_them) {
    if (!raise_descriptor_limit()) GTEST_SKIP() << "too few file descriptors are allowed";
    start_scef();
    options.connections_max = posts + further;
    make("http://127.0.0.1:" + std::to_string(scef->port()));
    std::size_t answered = 0;
    for (std::size_t i = 0; i < posts; ++i) {
        dut->submit(delivery(), [&answered](const T8Answer& answer) {
            answered += answer.transport == T8Answer::Transport::answered;
        });
    }
    ASSERT_TRUE(run_until([this] { return held_count() == posts; }));

    T8Request list = delivery();
    list.operation = T8Request::Operation::list_deliveries;
    std::size_t listed = 0;
    for (std::size_t i = 0; i < further; ++i) {
        dut->submit(list, [&listed](const T8Answer& answer) { listed += answer.status == 200; });
    }

    EXPECT_TRUE(run_until([&listed] { return listed == further; })) << "all POSTs are held";
    EXPECT_EQ(answered, 0u);
    EXPECT_GT(scef->counters().connections, posts);
    EXPECT_LE(scef->counters().connections, posts + further);
    for (const HttpReply& reply : held) reply({200, "application/json", "{}", {}});
    EXPECT_TRUE(run_until([&answered] { return answered == posts; }));
}

TEST_F(HeldPosts, when_all_connections_are_held_the_next_waits_for_one) {
    start_scef();
    options.connections_max = 4;
    make("http://127.0.0.1:" + std::to_string(scef->port()));
    std::size_t answered = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        dut->submit(delivery(), [&answered](const T8Answer& answer) {
            answered += answer.transport == T8Answer::Transport::answered;
        });
    }
    ASSERT_TRUE(run_until([this] { return held_count() == 4; }));

    held[0]({200, "application/json", "{}", {}});

    EXPECT_TRUE(run_until([this] { return held_count() == 5; }));
    EXPECT_EQ(answered, 1u);
    EXPECT_EQ(scef->counters().connections, 4u);
}

TEST_F(HeldPosts, D8_of_those_that_wait_for_a_connection_the_window_that_closes_first_goes_first) {
    using namespace std::chrono_literals;
    start_scef();
    options.connections_max = 1;
    make("http://127.0.0.1:" + std::to_string(scef->port()));
    std::string order;
    const auto submit = [&](char name, Urgency urgency) {
        T8Request request = delivery();
        request.urgency = urgency;
        dut->submit(std::move(request), [&order, name](const T8Answer&) { order += name; });
    };
    submit('0', {});
    ASSERT_TRUE(run_until([this] { return held_count() == 1; }));
    submit('e', {3, never});
    submit('c', {3, Instant(20s)});
    submit('d', {3, Instant(20s)});
    submit('b', {3, Instant(10s)});
    submit('a', {1, Instant(90s)});
    for (std::size_t answered = 0; answered < 6; ++answered) {
        ASSERT_TRUE(run_until([&] { return held_count() == answered + 1; })) << order;
        held[answered]({200, "application/json", "{}", {}});
    }
    EXPECT_TRUE(run_until([&order] { return order.size() == 6; }));
    EXPECT_EQ(order, "0abcde");
}

}  // namespace
}  // namespace scef::nidd
