#include "scef-adapter/engine/resting_activity.h"

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/engine/waiting_message.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

constexpr Instant now{1h};

/// Three messages wait, the second of them for its turn elsewhere.
DeviceActivity waiting() {
    DeviceActivity activity;
    for (std::uint64_t number = 1; number <= 3; ++number) {
        queueing::Message message = test::api_message(0, number);
        message.priority = number == 3 ? queueing::Priority::high : queueing::Priority::normal;
        activity.messages.push_back(message.id);
        if (number != 2) activity.queue.push(message);
        activity.open_by_token[coap::Token(Bytes(number, 7))] = message.id;
    }
    activity.queued_bytes = 230;
    activity.newest_change = activity.messages[1];
    activity.pump_at = now + 5min + 1ns;
    activity.owner_answers_by = now + 1s;
    activity.watched_until = now + 2h;
    activity.throttled_until = now + 3s;
    activity.throttles = 4;
    return activity;
}

/// Each member is named once, so that a new one cannot be passed over.
void expect_equal(const DeviceActivity& a, const DeviceActivity& b) {
    const auto& [queue, queued_bytes, in_flight, open_by_token, messages, uplinks, replacing,
                 early_statuses, late_answers, kept_answers, newest_change, throttled_until,
                 throttles, pump_at, owner_answers_by, reconcile_open, watched_until] = a;
    EXPECT_EQ(queue.places(), b.queue.places());
    EXPECT_EQ(
        std::tie(queued_bytes, in_flight, open_by_token, messages, uplinks, replacing),
        std::tie(b.queued_bytes, b.in_flight, b.open_by_token, b.messages, b.uplinks, b.replacing));
    EXPECT_EQ(early_statuses.size() + late_answers.size() + kept_answers.size(),
              b.early_statuses.size() + b.late_answers.size() + b.kept_answers.size());
    EXPECT_EQ(owner_answers_by, b.owner_answers_by);
    EXPECT_EQ(
        std::tie(newest_change, throttled_until, throttles, pump_at, reconcile_open, watched_until),
        std::tie(b.newest_change, b.throttled_until, b.throttles, b.pump_at, b.reconcile_open,
                 b.watched_until));
}

TEST(RestingActivity, comes_back_whole) {
    const DeviceActivity activity = waiting();
    ASSERT_TRUE(may_rest(activity));
    expect_equal(activity, *unpacked_activity(packed_activity(activity, now)));
}

TEST(RestingActivity, comes_back_with_a_change_that_ended_and_without_a_timer) {
    DeviceActivity activity = waiting();
    activity.newest_change = activity.messages[2].next();
    activity.pump_at = never;
    ASSERT_TRUE(may_rest(activity));
    expect_equal(activity, *unpacked_activity(packed_activity(activity, now)));

    activity.newest_change = MessageId();
    expect_equal(activity, *unpacked_activity(packed_activity(activity, now)));
}

TEST(RestingActivity, forgets_deadlines_that_are_over) {
    const DeviceActivity activity = waiting();
    const auto later = unpacked_activity(packed_activity(activity, now + 24h));
    EXPECT_EQ(later->watched_until, Instant{});
    EXPECT_EQ(later->throttled_until, Instant{});
    EXPECT_EQ(later->throttles, 4u);
}

struct Busy {
    const char* name;
    void (*change)(DeviceActivity&);
};
class BusyActivity : public testing::TestWithParam<Busy> {};

TEST_P(BusyActivity, does_not_rest) {
    DeviceActivity activity = waiting();
    GetParam().change(activity);
    EXPECT_FALSE(may_rest(activity));
}

const Busy busy[] = {
    {"nothing_waits", [](DeviceActivity& a) { a = DeviceActivity(); }},
    {"too_many_wait", [](DeviceActivity& a) { a.messages.resize(17, a.messages.front()); }},
    {"one_is_in_flight", [](DeviceActivity& a) { a.in_flight = a.messages.front(); }},
    {"an_uplink", [](DeviceActivity& a) { a.uplinks.push_back(a.messages.front()); }},
    {"one_takes_a_place", [](DeviceActivity& a) { a.replacing.push_back(a.messages.front()); }},
    {"an_early_status", [](DeviceActivity& a) { a.early_statuses.emplace_back(); }},
    {"a_late_answer", [](DeviceActivity& a) { a.late_answers.emplace_back(); }},
    {"a_kept_answer", [](DeviceActivity& a) { a.kept_answers.emplace_back(); }},
    {"the_scef_is_asked", [](DeviceActivity& a) { a.reconcile_open = 1; }},
    {"a_strange_token",
     [](DeviceActivity& a) { a.open_by_token[coap::Token()] = a.messages.back().next(); }},
};
INSTANTIATE_TEST_SUITE_P(RestingActivity, BusyActivity, testing::ValuesIn(busy),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace scef::adapter
