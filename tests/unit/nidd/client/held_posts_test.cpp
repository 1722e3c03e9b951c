#include <mutex>

#include "nidd/endpoint/http_listener.h"
#include "tests/unit/nidd/client/client_fixture.h"

namespace scef::nidd {
namespace {

using namespace test;

constexpr std::size_t posts = 200;

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

TEST_F(HeldPosts, connections_grow_on_demand_and_others_are_not_slowed) {
    start_scef();
    options.connections_max = 1024;
    make("http://127.0.0.1:" + std::to_string(scef->port()));
    std::size_t answered = 0;
    for (std::size_t i = 0; i < posts; ++i) {
        dut->submit(delivery(), [&answered](const T8Answer& answer) {
            answered += answer.transport == T8Answer::Transport::answered;
        });
    }
    T8Request list = delivery();
    list.operation = T8Request::Operation::list_deliveries;

    EXPECT_EQ(call(list).status, 200) << "while all POSTs are held";
    EXPECT_TRUE(run_until([this] { return held_count() == posts; }));
    EXPECT_EQ(answered, 0u);

    for (const HttpReply& reply : held) reply({200, "application/json", "{}", {}});
    EXPECT_TRUE(run_until([&answered] { return answered == posts; }));
    EXPECT_LE(scef->counters().connections, posts + 1);
}

}  // namespace
}  // namespace scef::nidd
