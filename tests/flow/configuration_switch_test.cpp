#include <gtest/gtest.h>

#include "tests/flow/shards.h"

/// Another configuration while everything runs (SIGHUP).
namespace scef::flow {
namespace {

using queueing::MessageState;
using queueing::Reason;

adapter::Config with_rate(std::uint64_t per_hour) {
    auto config = always_reachable();
    config.quotas["default"].downlink.messages = {{{per_hour, 1h}, 1}};
    return config;
}

void change(World& w, adapter::Config config) {
    const auto reply = w.command(adapter::ConfigurationChanged{
        0, std::make_shared<const adapter::Config>(std::move(config))});
    ASSERT_TRUE(reply.result);
    w.settle();
}

TEST(ConfigurationSwitch, a_message_that_waits_for_its_quota_goes_under_the_new_one) {
    Reachable w(with_rate(1));
    w.read_within(24h);
    w.advance(1s);
    w.execute();
    w.advance(1s);
    ASSERT_EQ(w.executed(), 1u);
    ASSERT_EQ(w.messages().back().reason, Reason::quota);
    change(w, with_rate(3600));
    w.advance(1s);
    EXPECT_EQ(w.executed(), 2u);
    EXPECT_EQ(w.messages().back().state, MessageState::delivered);
}

TEST(ConfigurationSwitch, what_was_used_of_a_day_stays_used_under_a_smaller_quota) {
    const auto with_allowance = [](std::uint64_t per_day) {
        auto config = always_reachable();
        auto& allowance = config.quotas["default"].downlink.allowances.emplace_back();
        allowance.amount = per_day;
        allowance.period.kind = quota::CalendarPeriod::Kind::day;
        allowance.unit = quota::Unit::messages;
        config.quotas["default"].emergency_reserve = 0;
        return config;
    };
    Reachable w(with_allowance(100));
    for (int i = 0; i < 3; ++i) {
        w.execute();
        w.advance(1s);
    }
    ASSERT_EQ(w.executed(), 3u);
    change(w, with_allowance(3));
    w.execute();
    w.advance(1min);
    EXPECT_EQ(w.executed(), 3u);
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
    change(w, with_allowance(4));
    w.advance(1s);
    EXPECT_EQ(w.executed(), 4u);
}

TEST(ConfigurationSwitch, the_same_quota_counts_on_to_the_exact_time) {
    Reachable w(with_rate(60));
    w.read_within(24h);
    w.advance(30s);
    for (int i = 0; i < 3; ++i) change(w, with_rate(60));
    w.execute();
    w.advance(29s);
    EXPECT_EQ(w.executed(), 1u);
    w.advance(2s);
    EXPECT_EQ(w.executed(), 2u);
}

TEST(ConfigurationSwitch, a_profile_counts_from_then_on) {
    Reachable w(flow_config());
    w.device_sleeps();
    w.advance(1h);
    w.read_within(24h);
    w.advance(1s);
    ASSERT_EQ(w.messages().back().reason, Reason::awaiting_window);
    w.scef.connected[w.device.external_id()] = true;
    change(w, always_reachable());
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
}

TEST(ConfigurationSwitch, a_limit_of_the_queue_counts_from_then_on) {
    Reachable w(with_rate(1));
    for (int i = 0; i < 4; ++i) {
        w.execute();
        w.advance(1s);
    }
    auto tight = with_rate(1);
    tight.limits.queue_messages_per_device = 2;
    change(w, tight);
    const auto refused = w.execute();
    w.advance(1s);
    EXPECT_EQ(w.server.responses_to(refused).at(0).code, coap::codes::service_unavailable);
}

/// The quota of the account comes, changes and goes.
TEST(ConfigurationSwitch, shared_scopes_follow_in_all_shards) {
    auto config = always_reachable();
    config.quotas["hourly"].downlink.messages = {{{1, 1h}, 1}};
    config.quotas["hourly"].emergency_reserve = 0;
    config.quotas["each-second"].downlink.messages = {{{3600, 1h}, 1}};
    Shards shards(config, 2);
    const auto change_all = [&](const std::string& account) {
        auto changed = config;
        changed.shards = 2;
        changed.quota_scopes.account = account;
        for (std::size_t i = 0; i < shards.size(); ++i) change(shards[i], changed);
        shards.advance(2s);
    };
    const auto ask_all = [&] {
        for (std::size_t i = 0; i < shards.size(); ++i) {
            shards[i].server.request(coap::codes::post, "/3/0/4");
        }
        shards.advance(2s);
    };
    ask_all();
    EXPECT_EQ(shards.executed(), 2u);
    change_all("hourly");
    ask_all();
    EXPECT_EQ(shards.executed(), 3u);
    change_all("each-second");
    shards.advance(3s);
    EXPECT_EQ(shards.executed(), 4u);
    change_all("");
    ask_all();
    ask_all();
    EXPECT_EQ(shards.executed(), 8u);
}

TEST(ConfigurationSwitch, idle_devices_and_their_names_stay) {
    Reachable w(with_rate(60));
    ModelDevice another(w, "dev2@sim.example");
    w.add_device(another, {.profile = "always-on"});
    w.advance(1min);
    for (int i = 0; i < 3; ++i) change(w, with_rate(60 + static_cast<std::uint64_t>(i)));
    const auto found = w.engine().find_device(*ExternalId::parse("dev2@sim.example"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->profile, &w.engine().config().profiles.at("always-on"));
    EXPECT_EQ(found->quota, &w.engine().config().quotas.at("default"));
    EXPECT_EQ(&found->downlink_quota->limits(), &found->quota->downlink);
}

}  // namespace
}  // namespace scef::flow
