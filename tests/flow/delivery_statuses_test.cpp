#include "nidd/types/t8_exchange.h"
#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

/// What a delivery status notification does, for each status and whenever it comes
/// (docs/t8-outcomes.md).
namespace scef::flow {
namespace {

using queueing::DeliveryLevel;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

struct Status {
    std::string row, name;
    DeliveryLevel level = DeliveryLevel::none;
    friend void PrintTo(const Status& status, std::ostream* out) { *out << status.name; }
};

/// A world whose SCEF holds one execute; the device hears nothing of it.
struct Held : Reachable {
    explicit Held(adapter::Config config = always_reachable()) : Reachable(std::move(config)) {
        device_sleeps();
        request = execute();
        settle();
        transfer = only_message().transfer_id;
    }
    void tell(const std::string& status) { tell(transfer, status); }
    void tell(const std::string& of, const std::string& status) {
        scef.tell_status(of, status);
        settle();
    }
    coap::Message request;
    std::string transfer;
};

/// A world whose SCEF has not answered the POST yet, but has the frame.
struct Early : Reachable {
    Early() {
        device_sleeps();
        scef.answers_next_delivery_with({.takes_it = true, .delay = 2s});
        execute();
        settle();
        transfer = scef.transfers().begin()->first;
    }
    void tell(const std::string& status) {
        scef.tell_status(transfer, status);
        settle();
        EXPECT_EQ(scef.verdicts.back(), 204);
    }
    std::string transfer;
};

class AnyStatus : public testing::TestWithParam<Status> {
protected:
    const std::string& text() const { return GetParam().name; }
};

const std::vector<Status> successes{
    {"status.success", "SUCCESS", DeliveryLevel::scef},
    {"status.next_hop", "SUCCESS_NEXT_HOP_ACKNOWLEDGED", DeliveryLevel::next_hop},
    {"status.next_hop", "SUCCESS_NEXT_HOP_UNACKNOWLEDGED", DeliveryLevel::next_hop},
    {"status.acknowledged", "SUCCESS_ACKNOWLEDGED", DeliveryLevel::device},
    {"status.success", "SUCCESS_UNACKNOWLEDGED", DeliveryLevel::scef},
    {"status.success", "SUCCESS_BY_PIGEON", DeliveryLevel::scef}};
const std::vector<Status> failures{{"status.failure", "FAILURE"},
                                   {"status.failure", "FAILURE_RDS_DISABLED"},
                                   {"status.failure", "FAILURE_NEXT_HOP"},
                                   {"status.failure", "FAILURE_TEMPORARILY_NOT_REACHABLE"},
                                   {"status.failure", "FAILURE_OF_PIGEON"}};
const std::vector<Status> timeouts{{"status.timeout", "FAILURE_TIMEOUT"}};
const std::vector<Status> pendings{{"status.pending", "TRIGGERED"},
                                   {"status.pending", "BUFFERING"},
                                   {"status.pending", "BUFFERING_TEMPORARILY_NOT_REACHABLE"},
                                   {"status.pending", "SENDING"},
                                   {"status.pending", "AT_THE_PIGEON"}};

std::vector<Status> all_statuses() {
    std::vector<Status> all;
    for (const auto* group : {&successes, &failures, &timeouts, &pendings}) {
        all.insert(all.end(), group->begin(), group->end());
    }
    return all;
}

// ---- SUCCESS*

class Success : public AnyStatus {};

TEST_P(Success, the_devices_answer_is_waited_for_at_its_level) {
    Held w;
    w.tell(text());
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    const auto message = w.only_message();
    EXPECT_EQ(message.device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(message.state, MessageState::accepted);
    EXPECT_EQ(message.reason, Reason::awaiting_answer);
    EXPECT_EQ(message.level, GetParam().level);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), text()));
    w.device.receive(w.scef.posted.back().data);
    w.advance(1s);
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST_P(Success, what_wants_no_answer_is_delivered_at_its_level) {
    Reachable w;
    w.device_sleeps();
    w.enqueue(Bytes{0xff}, [](adapter::EnqueueMessage& m) { m.opaque = true; });
    w.settle();
    w.scef.tell_status(w.only_message().transfer_id, text());
    w.settle();
    EXPECT_EQ(w.only_message().state, MessageState::delivered);
    EXPECT_EQ(w.only_message().level, GetParam().level);
}

TEST_P(Success, status_early_before_the_posts_answer_it_is_kept) {
    Early w;
    w.tell(text());
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::submitting);
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(w.only_message().level, GetParam().level);
}

TEST_P(Success, status_early_after_one_that_is_still_pending_counts) {
    Early w;
    w.tell("BUFFERING");
    w.tell(text());
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
    EXPECT_EQ(w.only_message().level, GetParam().level);
}

TEST_P(Success, status_after_success_each_other_one_changes_nothing) {
    for (const Status& later : all_statuses()) {
        Held w;
        w.tell(text());
        w.tell(later.name);
        EXPECT_EQ(w.scef.verdicts.back(), 204) << later.name;
        EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer) << later.name;
        EXPECT_EQ(w.only_message().level, GetParam().level) << later.name;
        w.advance(1h);
        EXPECT_EQ(w.scef.posts, 1) << later.name;
    }
}
INSTANTIATE_TEST_SUITE_P(T8, Success, testing::ValuesIn(successes), ByRow());

/// The TTL ended while the POST was open: whatever its answer is, the status is no stranger's.
TEST(DeliveryStatus, status_early_is_kept_though_the_ttl_is_over) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 20s});
    w.enqueue(to_bytes("x"), [](adapter::EnqueueMessage& event) {
        event.opaque = true;
        event.ttl = 10s;
    });
    w.advance(15s);
    ASSERT_EQ(w.only_message().device_leg, DeviceLeg::expired_in_flight);
    w.scef.tell_status(w.scef.transfers().begin()->first, "SUCCESS");
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 204);
}

// ---- FAILURE* but FAILURE_TIMEOUT

class Failure : public AnyStatus {};

TEST_P(Failure, it_is_an_attempt_and_goes_again) {
    Held w;
    w.tell(text());
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    const auto message = w.only_message();
    EXPECT_EQ(message.device_leg, DeviceLeg::retry_wait);
    EXPECT_EQ(message.state, MessageState::queued);
    EXPECT_EQ(message.reason, Reason::retry);
    EXPECT_EQ(message.attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(message.id), text()));
    w.scef.connected[w.device.external_id()] = true;
    w.advance(2s);
    EXPECT_EQ(w.scef.posts, 2);
    EXPECT_EQ(w.only_message().attempts, 2u);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_EQ(w.frames_charged(), 2u);
}

TEST_P(Failure, its_time_is_waited_for) {
    Held w;
    w.scef.tell_status(w.transfer, text(), 10min);
    w.advance(10min - 1s);
    EXPECT_EQ(w.scef.posts, 1);
    w.advance(1s);
    EXPECT_EQ(w.scef.posts, 2);
}

TEST_P(Failure, after_the_last_attempt_it_is_dead_and_the_server_is_told) {
    auto config = always_reachable();
    config.profiles["nb-iot"].max_attempts = 1;
    Held w(config);
    w.tell(text());
    EXPECT_EQ(w.only_message().state, MessageState::dead);
    EXPECT_EQ(w.only_message().reason, Reason::attempts);
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), text()));
}

TEST_P(Failure, status_early_before_the_posts_answer_it_is_kept) {
    Early w;
    w.tell(text());
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::retry_wait);
    EXPECT_EQ(w.only_message().attempts, 1u);
}

TEST_P(Failure, status_after_failure_each_other_one_is_of_no_delivery_any_more) {
    for (const Status& later : all_statuses()) {
        Held w;
        w.tell(text());
        w.tell(later.name);
        EXPECT_EQ(w.scef.verdicts.back(), 404) << later.name;
        EXPECT_EQ(w.only_message().device_leg, DeviceLeg::retry_wait) << later.name;
        EXPECT_EQ(w.only_message().attempts, 1u) << later.name;
        w.advance(2s);
        EXPECT_EQ(w.scef.posts, 2) << later.name;
    }
}
INSTANTIATE_TEST_SUITE_P(T8, Failure, testing::ValuesIn(failures), ByRow());

// ---- FAILURE_TIMEOUT

class Timeout : public AnyStatus {};

TEST_P(Timeout, it_has_expired_and_the_server_is_told) {
    Held w;
    w.tell(text());
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
    EXPECT_EQ(w.only_message().reason, Reason::ttl);
    EXPECT_EQ(w.only_message().attempts, 1u);
    EXPECT_TRUE(tells(w.timeline(w.only_message().id), text()));
    EXPECT_EQ(w.heard(w.request), coap::codes::gateway_timeout);
    w.advance(1h);
    EXPECT_EQ(w.scef.posts, 1);
}

TEST_P(Timeout, status_early_before_the_posts_answer_it_is_kept) {
    Early w;
    w.tell(text());
    w.advance(2s);
    EXPECT_EQ(w.only_message().state, MessageState::expired);
}

TEST_P(Timeout, status_after_failure_each_other_one_is_of_no_delivery_any_more) {
    for (const Status& later : all_statuses()) {
        Held w;
        w.tell(text());
        w.tell(later.name);
        EXPECT_EQ(w.scef.verdicts.back(), 404) << later.name;
        EXPECT_EQ(w.only_message().state, MessageState::expired) << later.name;
    }
}
INSTANTIATE_TEST_SUITE_P(T8, Timeout, testing::ValuesIn(timeouts), ByRow());

// ---- What is still pending

class Pending : public AnyStatus {};

TEST_P(Pending, nothing_changes) {
    Held w;
    const auto before = w.timeline(w.only_message().id).size();
    w.tell(text());
    w.tell(text());
    EXPECT_EQ(w.scef.verdicts.back(), 204);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    EXPECT_EQ(w.timeline(w.only_message().id).size(), before);
    w.advance(1h);
    EXPECT_EQ(w.scef.posts, 1);
    w.tell("SUCCESS");
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
}

TEST_P(Pending, status_early_before_the_posts_answer_it_changes_nothing) {
    Early w;
    w.tell(text());
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    w.scef.tell_status(w.transfer, "SUCCESS");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
}
INSTANTIATE_TEST_SUITE_P(T8, Pending, testing::ValuesIn(pendings), ByRow());

// ---- Whatever the status

class EachStatus : public AnyStatus {};

TEST_P(EachStatus, status_repeated_says_nothing_new) {
    Held w;
    w.tell(text());
    const auto once = w.only_message();
    w.tell(text());
    EXPECT_EQ(w.only_message().device_leg, once.device_leg);
    EXPECT_EQ(w.only_message().state, once.state);
    EXPECT_EQ(w.only_message().level, once.level);
    EXPECT_EQ(w.only_message().attempts, once.attempts);
    EXPECT_EQ(w.only_message().timeline_length, once.timeline_length);
}

TEST_P(EachStatus, status_unknown_transfer_is_404_and_touches_no_other) {
    Held w;
    w.tell("t999", text());
    EXPECT_EQ(w.scef.verdicts.back(), 404);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
}

TEST_P(EachStatus, status_unknown_transfer_of_an_idle_device_is_404) {
    Reachable w;
    w.scef.tell_status("t999", text());
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 404);
}

TEST_P(EachStatus, status_early_of_another_transfer_is_forgotten_after_a_minute) {
    Early w;
    w.scef.tell_status("t999", text());
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 204) << "the POST's answer may still name it";
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered);
    w.scef.tell_status("t999", text());
    w.settle();
    EXPECT_EQ(w.scef.verdicts.back(), 404);
}
INSTANTIATE_TEST_SUITE_P(T8, EachStatus, testing::ValuesIn(all_statuses()), ByRow());

TEST(DeliveryStatuses, status_early_of_a_device_the_last_sixteen_are_kept) {
    Early w;
    w.tell("SUCCESS");
    for (int i = 0; i < 16; ++i) w.scef.tell_status("t9" + std::to_string(i), "SUCCESS");
    w.advance(2s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered) << "the oldest is forgotten";
}

TEST(DeliveryStatuses, status_early_is_forgotten_after_a_minute) {
    Reachable w;
    w.device_sleeps();
    w.scef.answers_next_delivery_with({.takes_it = true, .delay = 61s});
    w.execute();
    w.settle();
    const auto transfer = w.scef.transfers().begin()->first;
    w.scef.tell_status(transfer, "SUCCESS");
    w.advance(61s);
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::net_buffered) << "forgotten";
    w.scef.tell_status(transfer, "SUCCESS");
    w.settle();
    EXPECT_EQ(w.only_message().device_leg, DeviceLeg::awaiting_answer);
}

}  // namespace
}  // namespace scef::flow
