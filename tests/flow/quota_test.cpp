#include <gtest/gtest.h>

#include "tests/flow/delivery_answer.h"
#include "tests/flow/reachable.h"

namespace scef::flow {
namespace {

using queueing::Reason;

// ---- What the SCEF says of a quota

struct QuotaAnswer {
    std::string name;
    ModelScef::Fault fault;
    bool is_of_quota;
};

ModelScef::Fault asks_to_wait(int status, const std::string& body) {
    ModelScef::Fault fault = says(status, body);
    fault.retry_after = 1h;
    fault.change = [body](nidd::T8Answer& answer) {
        answer.body = body;
        answer.retry_after = 1h;
    };
    return fault;
}

class ToldQuota : public testing::TestWithParam<QuotaAnswer> {};

/// The pause that the SCEF asks for is forgotten by a restart; that a quota is used up is not.
TEST_P(ToldQuota, is_used_up_until_retry_after_is_over_also_after_a_restart) {
    Reachable w;
    w.scef.answers_next_delivery_with(GetParam().fault);
    w.read_within(24h);
    w.settle();
    EXPECT_EQ(w.executed(), 0u);
    w.crash_and_restart();
    w.advance(59min);
    EXPECT_EQ(w.executed(), GetParam().is_of_quota ? 0u : 1u);
    w.advance(8min);
    EXPECT_EQ(w.executed(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
    Quotas, ToldQuota,
    testing::Values(QuotaAnswer{"QUOTA_EXCEEDED", asks_to_wait(403, problem("QUOTA_EXCEEDED")),
                                true},
                    QuotaAnswer{"RATE_EXCEEDED", asks_to_wait(403, problem("RATE_EXCEEDED")), true},
                    QuotaAnswer{"429", asks_to_wait(429, ""), true},
                    QuotaAnswer{"503_is_not_of_the_device", asks_to_wait(503, ""), false}),
    [](const auto& info) { return info.param.name; });

TEST(Quota, what_the_scef_called_used_up_begins_with_an_empty_bucket) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 10}};
    config.quotas["default"].emergency_reserve = 0;
    Reachable w(config);
    w.scef.answers_next_delivery_with(asks_to_wait(429, ""));
    for (int i = 0; i < 4; ++i) w.server.get("/3/0/" + std::to_string(i));
    w.advance(68min);
    const std::size_t first = w.executed();
    EXPECT_LT(first, 4u) << "not the whole burst at once";
}

// ---- Windows and clocks (reliability F11)

adapter::Config with_daily_octets() {
    auto config = always_reachable();
    quota::AllowanceLimit limit;
    limit.amount = 60;
    limit.period.kind = quota::CalendarPeriod::Kind::day;
    config.quotas["default"].downlink.allowances = {limit};
    config.quotas["default"].emergency_reserve = 0;
    return config;
}

/// Until the day's octets are used up: how many messages that was.
std::size_t use_up(Reachable& w) {
    for (int i = 0; i < 8; ++i) w.ask(coap::codes::get, "/3/0/" + std::to_string(i), 48h);
    w.settle();
    EXPECT_LT(w.executed(), 8u);
    const auto messages = w.messages();
    EXPECT_TRUE(std::any_of(messages.begin(), messages.end(),
                            [](const auto& m) { return m.reason == Reason::quota; }));
    return w.executed();
}

TEST(Quota, a_clock_that_jumps_past_midnight_opens_no_new_day) {
    for (const bool restarts : {false, true}) {
        Reachable w(with_daily_octets());
        const auto to_midnight = std::chrono::ceil<std::chrono::days>(w.wall()) - w.wall();
        w.advance(to_midnight - 30min);
        const std::size_t day = use_up(w);
        w.set_wall(1h);
        w.deliver(adapter::TimePassed{});
        w.advance(1min);
        if (restarts) w.crash_and_restart();
        w.advance(20min);
        EXPECT_EQ(w.executed(), day);
        w.advance(12min);
        EXPECT_GT(w.executed(), day) << "at the true midnight it opens";
    }
}

TEST(Quota, a_clock_that_is_set_back_closes_no_day_that_has_begun) {
    for (const bool restarts : {false, true}) {
        Reachable w(with_daily_octets());
        const auto to_midnight = std::chrono::ceil<std::chrono::days>(w.wall()) - w.wall();
        w.advance(to_midnight - 30min);
        const std::size_t day = use_up(w);
        w.advance(29min);
        w.set_wall(-1h);
        w.deliver(adapter::TimePassed{});
        if (restarts) w.crash_and_restart();
        w.advance(10min);
        EXPECT_GT(w.executed(), day);
    }
}

/// What is left of a wait is counted by the steady clock, also while the calendar follows a clock
/// that was set.
TEST(Quota, a_restart_makes_no_wait_of_a_rate_shorter_or_longer) {
    for (const Duration jump : {Duration(1h), Duration(-1h)}) {
        auto config = always_reachable();
        config.quotas["default"].downlink.messages = {{{2, 1h}, 1}};
        config.quotas["default"].emergency_reserve = 0;
        Reachable w(config);
        w.set_wall(jump);
        w.deliver(adapter::TimePassed{});
        for (const char* path : {"/3/0/0", "/3/0/1"}) w.ask(coap::codes::get, path, 48h);
        w.advance(20min);
        w.crash_and_restart();
        w.advance(10min - 1ms);
        EXPECT_EQ(w.executed(), 1u);
        w.advance(2ms);
        EXPECT_EQ(w.executed(), 2u);
    }
}

// ---- Dry run

adapter::DryRun dry_run(World& w,
                        const std::function<void(adapter::EnqueueMessage&)>& change = {}) {
    adapter::DryRunMessage event;
    event.message.external_id = w.id();
    event.message.payload = to_bytes("0123456789");
    event.message.opaque = true;
    if (change) change(event.message);
    const auto reply = w.command(std::move(event));
    EXPECT_TRUE(reply.result);
    return reply.result->dry_run.value();
}

TEST(DryRun, says_what_a_message_costs_and_stores_nothing) {
    auto config = always_reachable();
    config.quotas["default"].downlink.round_up = 1024;
    Reachable w(config);
    const int before = w.turns_with_records();
    const auto run = dry_run(w);
    EXPECT_FALSE(run.refusal);
    EXPECT_TRUE(run.waits.empty());
    EXPECT_EQ(run.earliest, w.wall());
    EXPECT_EQ(run.octets, 10u);
    EXPECT_EQ(run.octets_counted, 1024u);
    EXPECT_EQ(run.frames, 1u);
    EXPECT_EQ(w.turns_with_records(), before);
    EXPECT_TRUE(w.messages().empty());
    EXPECT_EQ(w.frames_charged(), 0u);
}

TEST(DryRun, says_what_holds_a_message_and_until_when) {
    auto config = flow_config();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.quotas["default"].emergency_reserve = 0;
    World w(config);
    w.device_wakes_and_sends("awake");
    w.server.get("/3/0/0");
    w.settle();
    w.advance(30s);
    const auto run = dry_run(w, [&](auto& m) { m.not_before = w.wall() + 1h; });
    ASSERT_EQ(run.waits.size(), 3u);
    EXPECT_EQ(run.waits[0].reason, Reason::not_before);
    EXPECT_EQ(run.waits[1].reason, Reason::awaiting_window);
    EXPECT_EQ(run.waits[2].reason, Reason::quota);
    EXPECT_EQ(run.waits[2].detail, "device: 60 messages per hour");
    EXPECT_GE(run.earliest, w.wall() + 1h);
}

TEST(DryRun, counts_what_waits_before_it) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 10}};
    config.quotas["default"].emergency_reserve = 0;
    Reachable w(config);
    w.command(adapter::PauseDevice{0, w.id(), true});
    for (int i = 0; i < 3; ++i) w.server.get("/3/0/" + std::to_string(i));
    w.settle();
    const auto run = dry_run(w);
    EXPECT_EQ(run.queue_ahead, 3u);
    EXPECT_EQ(run.waits[0].reason, Reason::paused);
    EXPECT_FALSE(run.waits[0].until) << "nobody knows when an operator resumes";
}

TEST(DryRun, an_emergency_goes_before_what_waits) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.quotas["default"].emergency_reserve = 0;
    Reachable w(config);
    w.read();
    w.settle();
    for (int i = 0; i < 3; ++i) w.server.get("/3/0/" + std::to_string(i));
    w.settle();
    const auto normal = dry_run(w);
    EXPECT_EQ(normal.queue_ahead, 3u);
    const auto emergency = dry_run(w, [](auto& m) { m.priority = queueing::Priority::emergency; });
    EXPECT_EQ(emergency.queue_ahead, 0u);
    EXPECT_LE(emergency.earliest, w.wall() + 1min);
}

TEST(DryRun, says_who_would_refuse_a_message) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{60, 1h}, 1}};
    config.quotas["default"].on_exhausted = adapter::QuotaConfig::OnExhausted::reject;
    Reachable w(config);
    EXPECT_FALSE(dry_run(w).refusal);
    w.read();
    w.settle();
    ASSERT_TRUE(dry_run(w).refusal);
    EXPECT_EQ(dry_run(w).refusal->code, Errc::quota_exceeded);
    EXPECT_TRUE(dry_run(w, [](auto& m) { m.payload.resize(4000); }).refusal);
}

}  // namespace
}  // namespace scef::flow
