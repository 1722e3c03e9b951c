#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "quota/lease.h"
#include "quota/shared_budget.h"
#include "tests/unit/quota/history.h"
#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
using test::utc;

/// One owner, some shards, and a network that loses, repeats and reorders. Each of them may crash
/// before its turn is durable, which undoes the turn and all that it wanted to say, or after.
class World {
public:
    /// Trouble is so many times rarer in a calmer world.
    World(const QuotaLimits& limits, double reserve, std::uint32_t shards, std::uint64_t seed,
          std::uint64_t calmer = 1)
        : limits_(limits), reserve_(reserve), random_(seed), calmer_(calmer) {
        for (std::uint32_t i = 0; i < shards; ++i) shards_.push_back({Lease(i), {}});
        start_owner();
    }

    void step() {
        pass(std::chrono::milliseconds(random_.below(random_.below(100) == 0 ? 20'000 : 100)));
        const std::uint64_t kind = random_.below(10);
        if (kind == 0) return owner_turn(nullptr);
        if (kind < 7 && !network_.empty()) return deliver(random_.below(network_.size()));
        shard_turn(random_.below(shards_.size()), true);
    }
    /// Nothing is sent any more; all debt is waited out, everything is delivered and reported.
    void settle() {
        is_calm_ = true;
        for (int i = 0; i < 100; ++i) {
            pass(i < 50 ? Duration(10min) : Duration(1s));
            for (std::size_t shard = 0; shard < shards_.size(); ++shard) shard_turn(shard, false);
            while (!network_.empty()) deliver(0);
            owner_turn(nullptr);
        }
    }

    test::History history;  ///< what might have been held back
    Amount used() const {
        Amount used;
        for (const Shard& shard : shards_) used += shard.lease.state().used_total;
        return used;
    }
    const SharedBudget& owner() const { return *owner_; }
    QuotaTime time{Instant(1h), utc(2026, 3, 31, 20h)};
    void pass(Duration duration) { time = {time.now + duration, time.calendar + duration}; }

private:
    using Message = std::variant<LeaseAsk, LeaseGrant>;
    struct Shard {
        Lease lease;
        Lease::State durable;
    };

    bool chance(std::uint64_t one_in) { return !is_calm_ && random_.below(one_in * calmer_) == 0; }

    void post(const Message& message) {
        if (chance(10)) return;
        network_.push_back(message);
        if (chance(10)) network_.push_back(message);
    }
    void deliver(std::size_t place) {
        if (network_.empty()) return;
        const Message message = network_[place];
        if (!chance(20)) network_.erase(network_.begin() + static_cast<std::ptrdiff_t>(place));
        if (const auto* ask = std::get_if<LeaseAsk>(&message)) return owner_turn(ask);
        const auto& grant = std::get<LeaseGrant>(message);
        shards_[grant.shard].lease.on_grant(grant, time);
        shard_turn(grant.shard, !is_calm_);
    }

    void shard_turn(std::size_t index, bool sends) {
        Shard& shard = shards_[index];
        std::optional<test::History::Sent> sent;
        if (sends) sent = send(shard.lease);
        const auto ask = shard.lease.ask(time);
        const bool crashes_before = chance(30);
        if (!crashes_before) {
            shard.durable = shard.lease.state();
            if (sent) history.sent.push_back(*sent);
            if (ask) post(*ask);
        }
        if (crashes_before || chance(30)) {
            shard.lease = Lease(static_cast<std::uint32_t>(index));
            shard.lease.resynchronize(shard.durable);
        }
    }
    /// One that may be held back, and then is when it must, or one that may not.
    std::optional<test::History::Sent> send(Lease& lease) {
        const std::uint64_t octets = random_.below(100);
        if (random_.below(8) == 0) {
            lease.charge(time, octets);
            return std::nullopt;
        }
        const bool emergency = random_.below(5) == 0;
        const Want want{.octets = octets, .emergency = emergency};
        if (lease.earliest(time, want).at > time.now) {
            lease.want(time, want);
            return std::nullopt;
        }
        lease.charge(time, octets, emergency);
        return test::History::Sent{time, octets, emergency};
    }

    void owner_turn(const LeaseAsk* ask) {
        if (ask != nullptr) owner_->on_ask(*ask, time);
        const auto grants = owner_->grants(time);
        if (chance(30)) return start_owner();
        durable_ = owner_->state(time);
        for (const auto shard : owner_->take_changed()) {
            durable_shards_[shard] = owner_->shard_state(shard);
        }
        for (const LeaseGrant& grant : grants) post(grant);
        if (chance(30)) start_owner();
    }
    void start_owner() {
        owner_ = std::make_unique<SharedBudget>(limits_, reserve_);
        owner_->restore(durable_, time);
        for (const auto& [shard, state] : durable_shards_) owner_->restore_shard(shard, state);
    }

    const QuotaLimits& limits_;
    double reserve_;
    SeededRandom random_;
    std::uint64_t calmer_;
    bool is_calm_ = false;
    std::vector<Shard> shards_;
    std::deque<Message> network_;
    std::unique_ptr<SharedBudget> owner_;
    AccountState<WallTime> durable_;
    std::map<std::uint32_t, SharedBudget::ShardState> durable_shards_;
};

/// Now the rate binds, now one of the windows, which are short, so that many end while leases run.
QuotaLimits any_limits() {
    QuotaLimits limits;
    limits.messages = {{{*rc::gen::element<std::uint64_t>(1, 60, 5000, 50'000), 1min},
                        *rc::gen::inRange<std::uint32_t>(1, 60)},
                       {{20'000, 1h}, 500}};
    limits.allowances = {
        {*rc::gen::inRange<std::uint64_t>(300, 3000), test::every(10s)},
        {*rc::gen::inRange<std::uint64_t>(10'000, 200'000), test::monthly(test::berlin(), 31)},
        {*rc::gen::inRange<std::uint64_t>(5, 200), test::every(1min), Unit::messages}};
    return limits;
}

TEST(SharedBudgetModel, whatever_is_lost_repeated_late_or_crashes_nobody_gains) {
    EXPECT_TRUE(rc::check([] {
        const QuotaLimits limits = any_limits();
        const double reserve = *rc::gen::element(0.0, 0.1, 0.3);
        World world(limits, reserve, *rc::gen::inRange(1u, 5u),
                    *rc::gen::arbitrary<std::uint64_t>(),
                    *rc::gen::element<std::uint64_t>(1, 10, 1000));
        for (int i = 0; i < 1500; ++i) world.step();
        RC_ASSERT(world.history.keeps(limits, reserve));
    }));
}

TEST(SharedBudgetModel, after_everything_is_reported_nothing_is_lost) {
    EXPECT_TRUE(rc::check([] {
        QuotaLimits limits = any_limits();
        limits.allowances[1] = {1'000'000, test::monthly()};
        World world(limits, 0.1, *rc::gen::inRange(1u, 5u), *rc::gen::arbitrary<std::uint64_t>());
        world.time.calendar = utc(2026, 4, 10);
        for (int i = 0; i < 1000; ++i) world.step();
        world.settle();
        RC_ASSERT(world.owner().outstanding() == Amount{});
        RC_ASSERT(world.owner().uses(world.time)[3].used == world.used().octets);
        world.pass(24h * 12);
        for (std::size_t i = 0; i < 2; ++i) {
            RC_ASSERT(world.owner().uses(world.time)[i].remaining == limits.messages[i].burst);
        }
    }));
}

/// Not only safe: what is there is used, whatever the network does.
TEST(SharedBudgetModel, shards_that_always_have_something_to_send_use_what_there_is) {
    const QuotaLimits limits{{{{6, 1min}, 20}}, {}, {}, 1};
    World world(limits, 0, 4, 1);
    for (int i = 0; i < 20'000; ++i) world.step();
    const auto passed = std::chrono::duration<double, std::ratio<60>>(world.time.now - Instant(1h));
    const auto most = 6 * passed.count();
    EXPECT_GT(static_cast<double>(world.used().messages), 0.9 * most);
}

}  // namespace
}  // namespace scef::quota
