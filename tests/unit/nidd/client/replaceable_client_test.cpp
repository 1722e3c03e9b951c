#include "nidd/client/replaceable_client.h"

#include <deque>

#include <gtest/gtest.h>

namespace scef::nidd {
namespace {

/// What a client has open, and whether it is still there.
struct Watched {
    std::deque<T8Client::Done> open;
    bool is_there = true;
};

class WatchedClient final : public T8Client {
public:
    explicit WatchedClient(Watched& watched) : watched_(watched) {}
    ~WatchedClient() override { watched_.is_there = false; }
    WatchedClient(const WatchedClient&) = delete;
    WatchedClient& operator=(const WatchedClient&) = delete;
    void submit(T8Request, Done done) override { watched_.open.push_back(std::move(done)); }

private:
    Watched& watched_;
};

struct ReplaceableClientTest : testing::Test {
    void submit() {
        dut->submit({}, [this](const T8Answer& answer) { answers.push_back(answer.status); });
    }
    static void answer(Watched& watched, int status) {
        T8Answer answer;
        answer.status = status;
        const auto done = std::move(watched.open.front());
        watched.open.pop_front();
        done(std::move(answer));
    }
    void replace(Watched& by) {
        dut->replace(std::make_unique<WatchedClient>(by));
        run();
    }
    void run() {
        context.restart();
        context.poll();
    }

    boost::asio::io_context context;
    Watched old, fresh, freshest;
    std::vector<int> answers;
    std::unique_ptr<ReplaceableClient> dut =
        std::make_unique<ReplaceableClient>(context, std::make_unique<WatchedClient>(old));
};

TEST_F(ReplaceableClientTest, calls_that_are_open_end_where_they_began) {
    submit();
    submit();
    replace(fresh);
    submit();
    EXPECT_EQ(old.open.size(), 2u);
    EXPECT_EQ(fresh.open.size(), 1u);
    answer(fresh, 201);
    answer(old, 200);
    run();
    EXPECT_TRUE(old.is_there);  // one is still open
    answer(old, 503);
    EXPECT_TRUE(old.is_there);  // it is the one that calls
    run();
    EXPECT_FALSE(old.is_there);
    EXPECT_TRUE(fresh.is_there);
    EXPECT_EQ(answers, (std::vector<int>{201, 200, 503}));
}

TEST_F(ReplaceableClientTest, an_idle_client_goes_at_once) {
    replace(fresh);
    EXPECT_FALSE(old.is_there);
    EXPECT_EQ(dut->clients(), 1u);
}

TEST_F(ReplaceableClientTest, it_may_be_replaced_again_while_calls_are_open) {
    submit();
    replace(fresh);
    replace(freshest);
    EXPECT_TRUE(old.is_there);
    EXPECT_FALSE(fresh.is_there);
    submit();
    EXPECT_EQ(freshest.open.size(), 1u);
}

TEST_F(ReplaceableClientTest, after_its_end_nothing_happens) {
    submit();
    replace(fresh);
    answer(old, 200);
    dut.reset();
    run();
    EXPECT_FALSE(old.is_there);
    EXPECT_FALSE(fresh.is_there);
}

}  // namespace
}  // namespace scef::nidd
