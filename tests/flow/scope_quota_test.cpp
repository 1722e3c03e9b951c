#include <gtest/gtest.h>

#include "tests/flow/shards.h"

namespace scef::flow {
namespace {

using adapter::QuotaConfig;
using queueing::MessageState;
using queueing::Priority;
using queueing::Reason;

/// A quota named `together`: a message a minute, `burst` at once.
adapter::Config with_together(std::uint32_t burst) {
    auto config = always_reachable();
    config.quotas["together"].downlink.messages = {{{60, 1h}, burst}};
    config.quotas["together"].emergency_reserve = 0;
    return config;
}

adapter::Config with_account_quota(std::uint32_t burst) {
    auto config = with_together(burst);
    config.quota_scopes.account = "together";
    return config;
}

Bytes read_frame(std::string_view resource = "0") {
    coap::Message message;
    message.code = coap::codes::get;
    for (const std::string_view segment :
         {std::string_view("3"), std::string_view("0"), resource}) {
        message.add_text(coap::options::uri_path, segment);
    }
    return coap::serialize(message);
}

adapter::CommandReply set_quota(World& w, const std::string& scope, const std::string& quota) {
    auto reply = w.command(adapter::SetQuota{0, scope, quota});
    w.advance(1s);
    return reply;
}

// ---- What holds a message

struct ScopeCase {
    std::string scope;
    std::function<void(adapter::Config&)> give;
};

class ScopeQuota : public testing::TestWithParam<ScopeCase> {};

TEST_P(ScopeQuota, holds_a_message_until_its_exact_time_and_says_which_limit) {
    auto config = with_together(1);
    GetParam().give(config);
    Reachable w(config);
    ModelDevice grouped(w, "dev2@sim.example");
    w.add_device(grouped, {.groups = {"meters"}});
    const auto read = [&](const std::string& resource) {
        w.enqueue(read_frame(resource), [&](adapter::EnqueueMessage& m) {
            m.external_id = *ExternalId::parse(grouped.external_id());
        });
        w.advance(1s);
    };
    read("0");
    read("1");
    EXPECT_EQ(grouped.requests.size(), 1u);
    const auto waiting = w.messages().back();
    EXPECT_EQ(waiting.reason, Reason::quota);
    EXPECT_TRUE(tells(w.timeline(waiting.id), GetParam().scope + ": 60 messages per hour"));
    w.advance(57s);
    EXPECT_EQ(grouped.requests.size(), 1u);
    w.advance(1'100ms);
    EXPECT_EQ(grouped.requests.size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(
    Quotas, ScopeQuota,
    testing::Values(
        ScopeCase{"account", [](auto& config) { config.quota_scopes.account = "together"; }},
        ScopeCase{"scef:sim", [](auto& config) { config.scefs[0].quota = "together"; }},
        ScopeCase{"group:meters",
                  [](auto& config) { config.quota_scopes.groups["meters"] = "together"; }}),
    [](const auto& info) { return info.param.scope.substr(0, info.param.scope.find(':')); });

TEST(ScopeQuota, who_waits_only_for_the_owners_word_is_not_told_that_the_quota_is_used_up) {
    Reachable w(with_account_quota(5));
    w.enqueue(read_frame("0"));
    w.advance(1s);
    const auto message = w.messages().back();
    EXPECT_EQ(message.state, MessageState::delivered);
    EXPECT_FALSE(tells(w.timeline(message.id), "account"));
    EXPECT_EQ(w.engine().counters().quota_waits, 0u);
}

TEST(ScopeQuota, nor_when_its_queue_is_looked_at_again_before_the_owner_answered) {
    Reachable w(with_account_quota(5));
    w.enqueue(read_frame("0"));
    w.enqueue(read_frame("1"));
    w.advance(1s);
    for (const auto& message : w.messages()) {
        EXPECT_EQ(message.state, MessageState::delivered);
        EXPECT_FALSE(tells(w.timeline(message.id), "account"));
    }
    EXPECT_EQ(w.engine().counters().quota_waits, 0u);
}

TEST(ScopeQuota, a_group_quota_is_nothing_to_devices_outside) {
    auto config = with_together(1);
    config.quota_scopes.groups["meters"] = "together";
    Reachable w(config);
    for (int i = 0; i < 5; ++i) w.read();
    w.settle();
    EXPECT_EQ(w.messages().back().state, MessageState::delivered);
}

TEST(ScopeQuota, devices_that_wait_are_served_in_turn) {
    Reachable w(with_account_quota(1));
    ModelDevice other(w, "dev2@sim.example");
    w.add_device(other);
    for (const char* resource : {"0", "1", "2"}) {
        w.enqueue(read_frame(resource));
        w.enqueue(read_frame(resource), [&](adapter::EnqueueMessage& m) {
            m.external_id = *ExternalId::parse(other.external_id());
        });
    }
    w.advance(1s);
    EXPECT_EQ(w.executed() + other.requests.size(), 1u);
    for (std::size_t minutes = 1; minutes < 6; ++minutes) {
        w.advance(61s);
        EXPECT_EQ(w.executed() + other.requests.size(), minutes + 1);
        EXPECT_LE(w.executed(), other.requests.size() + 1);
        EXPECT_LE(other.requests.size(), w.executed() + 1);
    }
}

TEST(ScopeQuota, emergencies_use_the_reserve_that_others_leave) {
    auto config = with_account_quota(4);
    config.quotas["together"].emergency_reserve = 0.5;
    Reachable w(config);
    for (const char* resource : {"0", "1", "2", "3"}) w.enqueue(read_frame(resource));
    w.advance(1s);
    EXPECT_LE(w.executed(), 3u);
    const std::size_t before = w.executed();
    w.enqueue(read_frame("4"), [](auto& m) { m.priority = Priority::emergency; });
    w.advance(1s);
    EXPECT_EQ(w.executed(), before + 1);
}

TEST(ScopeQuota, answers_to_a_device_are_debt_and_never_wait) {
    Reachable w(with_account_quota(2));
    for (int i = 0; i < 4; ++i) {
        w.device.data("23.5");
        w.advance(1s);
    }
    EXPECT_EQ(w.device.replies.size(), 4u);
    w.read();
    w.advance(150s);
    EXPECT_EQ(w.executed(), 0u) << "two were beyond the burst";
    w.advance(60s);
    EXPECT_EQ(w.executed(), 1u);
}

// ---- reject

TEST(ScopeQuota, one_that_rejects_answers_4_29_as_soon_as_it_knows) {
    auto config = with_account_quota(1);
    config.quotas["together"].on_exhausted = QuotaConfig::OnExhausted::reject;
    Reachable w(config);
    w.read();
    w.advance(1s);
    for (const char* path : {"/3/0/1", "/3/0/2"}) {
        const auto refused = w.server.get(path);
        w.advance(1s);
        EXPECT_EQ(w.heard(refused), coap::codes::too_many_requests) << path;
        const auto max_age = w.server.responses_to(refused)[0].uint_option(coap::options::max_age);
        EXPECT_LE(max_age.value_or(0), 60u);
        EXPECT_GE(max_age.value_or(0), 57u);
    }
    EXPECT_EQ(w.executed(), 1u);
    w.advance(60s);
    const auto late = w.server.get("/3/0/3");
    w.advance(1s);
    EXPECT_EQ(w.heard(late), coap::codes::content);
}

TEST(ScopeQuota, a_message_of_the_api_that_met_the_limit_ends_rejected_and_the_next_is_refused) {
    auto config = with_account_quota(1);
    config.quotas["together"].on_exhausted = QuotaConfig::OnExhausted::reject;
    Reachable w(config);
    w.enqueue(read_frame("0"));
    w.advance(1s);
    EXPECT_TRUE(w.enqueue(read_frame("1")).result);
    w.advance(1s);
    EXPECT_EQ(w.messages().back().state, MessageState::rejected);
    EXPECT_EQ(w.messages().back().reason, Reason::quota);
    const auto refused = w.enqueue(read_frame("2"));
    ASSERT_FALSE(refused.result);
    EXPECT_EQ(refused.result.error().code, Errc::quota_exceeded);
    EXPECT_EQ(refused.quota_scope, "account");
    EXPECT_GT(refused.retry_after, 50s);
}

// ---- Restart

TEST(ScopeQuota, what_was_used_stays_used_over_crashes) {
    for (const auto batch : {World::LastBatch::kept, World::LastBatch::lost}) {
        for (int turns = 1; turns < 12; ++turns) {
            Reachable w(with_account_quota(2));
            for (const char* resource : {"0", "1", "2", "3", "4"}) {
                w.crash_after_turns(turns, batch);
                w.enqueue(read_frame(resource));
                w.advance(1s);
            }
            EXPECT_LE(w.executed(), 2u) << turns;
            for (const char* resource : {"5", "6", "7", "8"}) w.enqueue(read_frame(resource));
            w.advance(5min);
            EXPECT_LE(w.executed(), 7u) << turns;
            EXPECT_GE(w.executed(), 4u) << turns << ": at most one is lost to caution";
        }
    }
}

// ---- At run time

TEST(ScopeQuota, a_scope_is_given_a_quota_and_keeps_it_over_a_restart) {
    Reachable w(with_together(1));
    EXPECT_TRUE(set_quota(w, "account", "together").result);
    w.crash_and_restart();
    w.enqueue(read_frame("0"));
    w.enqueue(read_frame("1"));
    w.advance(2s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_TRUE(w.engine().scope_quotas().view("account", w.quota_time()).is_given);
}

TEST(ScopeQuota, one_that_is_taken_away_lets_all_go_that_waited) {
    Reachable w(with_account_quota(1));
    for (const char* resource : {"0", "1", "2"}) w.enqueue(read_frame(resource));
    w.advance(1s);
    EXPECT_EQ(w.executed(), 1u);
    EXPECT_TRUE(set_quota(w, "account", "default").result);
    EXPECT_EQ(w.executed(), 3u);
}

TEST(ScopeQuota, other_limits_count_what_was_used_under_the_old_ones) {
    Reachable w;
    EXPECT_TRUE(set_quota(w, "account",
                          R"({"downlink":{"message_allowance":"2/day"},"emergency_reserve":"0%"})")
                    .result);
    for (const char* resource : {"0", "1", "2", "3"}) w.enqueue(read_frame(resource));
    w.advance(1s);
    EXPECT_EQ(w.executed(), 2u);
    EXPECT_TRUE(set_quota(w, "account",
                          R"({"downlink":{"message_allowance":"3/day"},"emergency_reserve":"0%"})")
                    .result);
    EXPECT_EQ(w.executed(), 3u);
    EXPECT_TRUE(set_quota(w, "account", "").result) << "as configured: unlimited";
    EXPECT_EQ(w.executed(), 4u);
}

TEST(ScopeQuota, what_no_shared_scope_can_have_is_refused) {
    Reachable w(with_together(1));
    const auto text = R"({"downlink":{"messages":"1/hour","exceptions":"2/day"}})";
    EXPECT_EQ(set_quota(w, "account", text).result.error().code, Errc::invalid_argument);
    EXPECT_EQ(set_quota(w, "account", "nobody").result.error().code, Errc::invalid_argument);
    EXPECT_EQ(set_quota(w, "scef:other", "together").result.error().code, Errc::not_found);
    EXPECT_EQ(set_quota(w, "everything", "together").result.error().code, Errc::invalid_argument);
}

TEST(ScopeQuota, a_device_is_given_limits_of_its_own_and_keeps_them_while_idle_and_over_a_restart) {
    Reachable w;
    const std::string text = R"({"downlink":{"messages":"60/hour"},"emergency_reserve":"0%"})";
    EXPECT_TRUE(set_quota(w, "device:" + w.device.external_id(), text).result);
    w.enqueue(read_frame("0"));
    w.advance(30s);
    w.crash_and_restart();
    EXPECT_EQ(w.known().spec.quota, text);
    w.enqueue(read_frame("1"));
    w.advance(29s);
    EXPECT_EQ(w.executed(), 1u);
    w.advance(1s);
    EXPECT_EQ(w.executed(), 2u);
    EXPECT_TRUE(set_quota(w, "device:" + w.device.external_id(), "").result);
    EXPECT_EQ(w.known().spec.quota, "default");
    EXPECT_EQ(set_quota(w, "device:nobody@sim.example", "default").result.error().code,
              Errc::not_found);
}

// ---- Between shards

TEST(ScopeQuota, shards_together_keep_the_limit) {
    Shards shards(with_account_quota(8), 3);
    for (std::size_t i = 0; i < shards.size(); ++i) {
        for (const char* resource : {"0", "1", "2", "3", "4", "5", "6", "7"}) {
            shards[i].enqueue(read_frame(resource));
        }
    }
    shards.advance(10s);
    EXPECT_LE(shards.executed(), 8u);
    EXPECT_GE(shards.executed(), 7u);
    shards.advance(9min + 50s);
    EXPECT_LE(shards.executed(), 18u);
    EXPECT_GE(shards.executed(), 16u);
    for (std::size_t i = 0; i < shards.size(); ++i) EXPECT_GE(shards[i].executed(), 4u) << i;
}

TEST(ScopeQuota, words_that_are_lost_are_said_again) {
    Shards shards(with_account_quota(3), 3);
    shards.loses_words = true;
    for (std::size_t i = 0; i < shards.size(); ++i) shards[i].enqueue(read_frame());
    shards.advance(2s);
    EXPECT_LE(shards.executed(), 1u) << "only the owner hears itself";
    shards.loses_words = false;
    shards.advance(8s);
    EXPECT_EQ(shards.executed(), 3u);
}

TEST(ScopeQuota, a_crash_of_the_owner_or_another_gains_nothing) {
    Shards shards(with_account_quota(4), 2);
    for (std::size_t crashes = 0; crashes < 6; ++crashes) {
        for (std::size_t i = 0; i < shards.size(); ++i) shards[i].enqueue(read_frame());
        shards.advance(1s);
        shards[crashes % 2].crash_and_restart();
        shards.advance(2s);
        EXPECT_LE(shards.executed(), 4u);
    }
    shards.advance(10min);
    EXPECT_GE(shards.executed(), 10u);
}

TEST(ScopeQuota, when_a_scef_throttles_all_shards_hear_of_it) {
    auto config = with_together(100);
    config.scefs[0].quota = "together";
    Shards shards(config, 2);
    ModelScef::Fault busy;
    busy.status = 429;
    busy.retry_after = 2min;
    for (int i = 0; i < 5; ++i) shards[0].scef.answers_next_delivery_with(busy);
    shards[0].enqueue(read_frame());
    shards.advance(12min);
    const auto owner = shards[0].engine().scope_quotas().owner_of("scef:sim");
    const auto view =
        shards[owner].engine().scope_quotas().view("scef:sim", shards[owner].quota_time());
    ASSERT_FALSE(view.sides[0].limits.empty());
    EXPECT_GT(view.sides[0].limits[0].used, 80u) << "its bucket was emptied";
}

}  // namespace
}  // namespace scef::flow
