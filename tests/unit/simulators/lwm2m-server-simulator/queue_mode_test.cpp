#include "simulators/lwm2m-server-simulator/queue_mode.h"

#include <gtest/gtest.h>

namespace scef::lwm2m_server_simulator {
namespace {

using namespace std::chrono_literals;
using Outcome = DeviceAnswer::Outcome;

DeviceRequest read_of(const std::string& path) {
    return make_device_request("read", {{"path", path}}, 10s).value();
}

/// A queue whose requests leave into a list, on a clock of the test.
class QueueModeTest : public ::testing::Test {
protected:
    struct Sent {
        std::string path;
        QueueMode::Done done;
    };

    void make(bool holds) {
        queue_.emplace(QueueModeSettings{holds, 93s, 1h}, events_,
                       [this](const std::string&, DeviceRequest request, QueueMode::Done done) {
                           sent_.push_back({request.target, std::move(done)});
                       });
    }

    void submit(const std::string& path, std::optional<Duration> hold = {}) {
        DeviceRequest request = read_of(path);
        request.hold = hold;
        queue_->submit(
            "dev1", std::move(request),
            [this](const DeviceAnswer& answer) { outcomes_.push_back(answer.outcome); }, now_);
    }

    void answer(Outcome outcome = Outcome::answered) {
        DeviceAnswer answer;
        answer.outcome = outcome;
        const auto done = sent_.back().done;
        done(std::move(answer));
    }

    void advance(Duration step) {
        now_ += step;
        queue_->on_time(now_);
    }

    std::vector<std::string> paths() const {
        std::vector<std::string> all;
        for (const Sent& each : sent_) all.push_back(each.path);
        return all;
    }

    std::vector<std::string> told() {
        std::vector<std::string> types;
        for (const Event& event : events_.read(0, {}, {})) types.push_back(event.type);
        return types;
    }

    Instant now_{1000s};
    EventLog events_;
    std::vector<Sent> sent_;
    std::vector<Outcome> outcomes_;
    std::optional<QueueMode> queue_;
};

using Paths = std::vector<std::string>;

TEST_F(QueueModeTest, without_it_requests_pass_at_once) {
    make(false);
    queue_->on_registered("dev1", true, now_);
    advance(200s);
    submit("/3/0/0");
    submit("/3/0/1");
    EXPECT_EQ(paths(), (Paths{"/3/0/0", "/3/0/1"}));
    EXPECT_TRUE(queue_->to_json("dev1").empty());
}

TEST_F(QueueModeTest, a_client_without_queue_mode_is_not_held_up) {
    make(true);
    queue_->on_registered("dev1", false, now_);
    advance(200s);
    submit("/3/0/0");
    EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(QueueModeTest, what_comes_while_it_sleeps_leaves_in_order_after_its_next_message) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    advance(93s);
    submit("/3/0/0");
    submit("/3/0/1");
    EXPECT_TRUE(sent_.empty());
    EXPECT_EQ(queue_->to_json("dev1"),
              nlohmann::json({{"presence", "SLEEPING"}, {"requestsHeld", 2}}));

    queue_->on_heard("dev1", now_);
    EXPECT_EQ(paths(), Paths{"/3/0/0"}) << "one at a time";
    answer();
    EXPECT_EQ(paths(), (Paths{"/3/0/0", "/3/0/1"}));
    answer();
    EXPECT_EQ(outcomes_, (std::vector{Outcome::answered, Outcome::answered}));
    EXPECT_EQ(told(), (Paths{"AWAKE", "SLEEPING", "REQUEST_HELD", "REQUEST_HELD", "AWAKE"}));
}

TEST_F(QueueModeTest, each_message_of_the_client_prolongs_its_awake_time) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    advance(92s);
    queue_->on_heard("dev1", now_);
    advance(92s);
    EXPECT_EQ(queue_->to_json("dev1")["presence"], "AWAKE");
    advance(1s);
    EXPECT_EQ(queue_->to_json("dev1")["presence"], "SLEEPING");
}

TEST_F(QueueModeTest, silence_means_sleep_and_the_rest_stays) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    submit("/3/0/0");
    submit("/3/0/1");
    answer(Outcome::timeout);
    EXPECT_EQ(paths(), Paths{"/3/0/0"});
    EXPECT_EQ(queue_->to_json("dev1"),
              nlohmann::json({{"presence", "SLEEPING"}, {"requestsHeld", 1}}));
}

TEST_F(QueueModeTest, what_waited_too_long_is_given_up) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    advance(93s);
    submit("/3/0/0");
    submit("/3/0/1", 10s);
    advance(10s);
    EXPECT_EQ(outcomes_, std::vector{Outcome::asleep});
    advance(1h);
    EXPECT_EQ(outcomes_, (std::vector{Outcome::asleep, Outcome::asleep}));
    EXPECT_EQ(told().back(), "REQUEST_GIVEN_UP");
}

TEST_F(QueueModeTest, a_client_that_goes_ends_what_waits_and_one_that_leaves_the_mode_gets_it) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    advance(93s);
    submit("/3/0/0");
    queue_->on_gone("dev1");
    EXPECT_EQ(outcomes_, std::vector{Outcome::unknown_client});

    queue_->on_registered("dev1", true, now_);
    advance(93s);
    submit("/3/0/1");
    queue_->on_registered("dev1", false, now_);
    EXPECT_EQ(paths(), Paths{"/3/0/1"});
}

TEST_F(QueueModeTest, a_stop_ends_what_waits) {
    make(true);
    queue_->on_registered("dev1", true, now_);
    advance(93s);
    submit("/3/0/0");
    queue_->stop();
    EXPECT_EQ(outcomes_, std::vector{Outcome::stopped});
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
