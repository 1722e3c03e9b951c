#include "scef-adapter/admin/scope_changes.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/admin/fake_shards.h"

namespace scef::adapter::test {
namespace {

/// Shards that are told nothing before `run`, so that a test decides in which order.
class SlowShards final : public ShardAccess {
public:
    explicit SlowShards(FakeShards& shards) : shards_(shards) {}
    std::uint16_t shards() const override { return shards_.shards(); }
    void command(ShardId shard, std::function<Event(ReplyId)> make, Done done) override {
        waiting.push_back([this, shard, make = std::move(make), done = std::move(done)] {
            shards_.command(shard, make, done);
        });
    }
    void change(ShardId shard, AuditNote, std::function<Event(ReplyId)> make, Done done) override {
        command(shard, std::move(make), std::move(done));
    }
    void note(ShardId shard, AuditNote note, std::function<void()> done) override {
        shards_.note(shard, std::move(note), std::move(done));
    }
    EventFeed& feed() override { return shards_.feed(); }
    void query(ShardId shard, Query query) override { shards_.query(shard, std::move(query)); }
    void capture(ShardId, ExternalId, std::optional<std::uint64_t>, CaptureDone) override {}
    void trace(ShardId, ExternalId, Duration, TraceDone) override {}
    queueing::Store& store() override { return shards_.store(); }
    std::string endpoint_text(ShardId, queueing::EndpointIndex) const override { return {}; }
    bool is_ready() const override { return true; }

    void run(std::size_t place) {
        const auto one = std::move(waiting.at(place));
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(place));
        one();
    }
    std::vector<std::function<void()>> waiting;

private:
    FakeShards& shards_;
};

class ScopeChangesTest : public testing::Test {
protected:
    void set(const std::string& quota) {
        dut.run({0, "account", quota}, {}, [this](const Status& done) {
            outcomes.push_back(done ? "done" : done.error().message);
        });
    }
    std::string quota_in(ShardId shard) {
        std::string quota;
        fakes.query(shard, [&](const Engine& engine, const Turn& turn) {
            quota = engine.scope_quotas().view("account", engine.quota_time(turn)).quota;
        });
        return quota;
    }

    FakeShards fakes{small_config()};
    SlowShards shards{fakes};
    ScopeChanges dut{shards};
    std::vector<std::string> outcomes;
};

TEST_F(ScopeChangesTest, one_is_done_when_every_shard_has_it) {
    set("default");
    for (int i = 0; i < 3; ++i) shards.run(0);
    EXPECT_TRUE(outcomes.empty());
    shards.run(0);
    EXPECT_EQ(outcomes, std::vector<std::string>{"done"});
}

TEST_F(ScopeChangesTest, two_at_once_leave_all_shards_with_the_same_quota) {
    const std::string first = R"({"billing_day":1})";
    const std::string second = R"({"billing_day":2})";
    set(first);
    set(second);
    while (!shards.waiting.empty()) shards.run(shards.waiting.size() - 1);
    EXPECT_EQ(outcomes.size(), 2u);
    for (ShardId shard = 0; shard < fakes.shards(); ++shard) EXPECT_EQ(quota_in(shard), second);
}

TEST_F(ScopeChangesTest, a_refusal_is_told_once_and_the_next_one_begins) {
    set("no such quota");
    set("default");
    while (!shards.waiting.empty()) shards.run(0);
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_NE(outcomes[0].find("no quota of that name"), std::string::npos) << outcomes[0];
    EXPECT_EQ(outcomes[1], "done");
}

}  // namespace
}  // namespace scef::adapter::test
