#include "quota/shared_budget.h"

#include <gtest/gtest.h>

#include "quota/lease.h"
#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;

struct SharedBudgets : ::testing::Test {
    QuotaLimits limits{{{{60, 1h}, 8}}, {{1000, test::every(1h)}}, {}, 1};
    SharedBudget dut{limits};
    QuotaTime time{Instant(1h), WallTime(1000h)};

    void pass(Duration duration) { time = {time.now + duration, time.calendar + duration}; }
    static LeaseAsk ask(std::uint32_t shard, Amount least, Amount wanted = {}) {
        return {shard, 1, {}, {}, least, wanted, {}};
    }
    /// The only answer.
    LeaseGrant answer(const LeaseAsk& ask) {
        dut.on_ask(ask, time);
        const auto grants = dut.grants(time);
        EXPECT_EQ(grants.size(), 1u);
        return grants.empty() ? LeaseGrant{} : grants.front();
    }
};

TEST_F(SharedBudgets, gives_what_is_needed_and_a_quarter_of_the_rest_ahead) {
    EXPECT_EQ(answer(ask(0, {1, 100})).granted, (Amount{1, 100}));
    EXPECT_EQ(answer(ask(1, {1, 100}, {99, 9900})).granted, (Amount{1 + 6 / 4, 100 + 800 / 4}));
    EXPECT_EQ(dut.outstanding(), (Amount{3, 400}));
}

TEST_F(SharedBudgets, an_ask_that_comes_twice_gives_nothing_more) {
    const LeaseGrant first = answer(ask(0, {2, 100}));
    EXPECT_EQ(answer(ask(0, {2, 100})), first);
    EXPECT_EQ(answer(ask(0, {1, 50})), first) << "an older one";
    EXPECT_EQ(dut.outstanding(), (Amount{2, 100}));
}

TEST_F(SharedBudgets, those_that_wait_are_served_in_turn_and_hear_when) {
    answer(ask(0, {8, 100}));
    dut.on_ask({0, 1, {}, {8, 100}, {8, 100}, {}, {}}, time);
    (void)dut.grants(time);
    EXPECT_EQ(answer(ask(1, {1, 10})).earliest, time.calendar + 1min);
    EXPECT_EQ(answer(ask(2, {1, 10})).earliest, time.calendar + 2min);
    EXPECT_EQ(answer(ask(1, {2, 20})).earliest, time.calendar + 2min) << "keeps its place";
    EXPECT_EQ(dut.look_again_at(), time.now + 2min);
    pass(2min);
    const auto grants = dut.grants(time);
    ASSERT_EQ(grants.size(), 1u);
    EXPECT_EQ(grants[0].shard, 1u);
    pass(1min);
    EXPECT_EQ(dut.grants(time).at(0).shard, 2u);
}

TEST_F(SharedBudgets, what_is_leased_counts_against_the_burst_however_long) {
    answer(ask(0, {8, 100}));
    pass(24h);
    const LeaseGrant refused = answer(ask(1, {1, 10}));
    EXPECT_TRUE(refused.granted.is_nothing());
    EXPECT_EQ(refused.limit, 0);
    dut.on_ask({0, 2, {3, 30}, {3, 30}, {}, {}, {}}, time);
    EXPECT_EQ(dut.grants(time).size(), 2u) << "five came back";
    EXPECT_EQ(dut.outstanding(), (Amount{1, 10}));
}

TEST_F(SharedBudgets, a_new_lease_gives_back_what_the_old_one_did_not_use) {
    answer(ask(0, {4, 400}));
    answer({0, 2, {1, 100}, {1, 100}, {}, {}, {}});
    EXPECT_EQ(dut.uses(time)[0].used, 1u);
    EXPECT_EQ(dut.uses(time)[1].used, 100u);
    EXPECT_TRUE(dut.outstanding().is_nothing());
    dut.on_ask({0, 1, {}, {4, 400}, {}, {}, {}}, time);
    EXPECT_TRUE(dut.grants(time).empty()) << "late, of the old lease";
    EXPECT_EQ(dut.uses(time)[1].used, 100u);
}

TEST_F(SharedBudgets, what_was_leased_in_a_window_that_is_over_comes_not_back_into_the_next) {
    const LeaseGrant grant = answer(ask(0, {4, 400}));
    EXPECT_EQ(grant.valid_until, WallTime(1001h));
    pass(1h);
    EXPECT_EQ(answer(ask(0, {5, 500})).granted, grant.granted) << "not for a lease that has ended";
    answer({1, 1, {}, {}, {1, 900}, {}, {}});
    answer({0, 2, {}, {}, {}, {}, {}});
    EXPECT_EQ(dut.uses(time)[1].used, 900u);
    EXPECT_EQ(dut.uses(time)[0].used, 1u);
}

TEST_F(SharedBudgets, the_reserve_is_for_emergencies) {
    SharedBudget reserved(limits, 0.5);
    reserved.on_ask(ask(0, {1, 501}), time);
    (void)reserved.grants(time);
    reserved.on_ask(ask(1, {1, 1}), time);
    EXPECT_TRUE(reserved.grants(time).at(0).granted.is_nothing());
    reserved.on_ask({2, 1, {}, {}, {}, {}, {1, 400}}, time);
    const LeaseGrant grant = reserved.grants(time).at(0);
    EXPECT_EQ(grant.granted_emergency, (Amount{1, 400})) << "and passes those that wait";
    EXPECT_TRUE(grant.granted.is_nothing());
}

TEST_F(SharedBudgets, nothing_of_the_reserve_is_given_ahead) {
    limits.messages.clear();
    SharedBudget reserved(limits, 0.5);
    reserved.on_ask(ask(0, {1, 400}, {99, 9900}), time);
    EXPECT_EQ(reserved.grants(time).at(0).granted.octets, 400u + (500 - 400) / 4);
}

TEST_F(SharedBudgets, debt_is_charged_and_waited_out) {
    answer({0, 1, {}, {20, 200}, {}, {}, {}});
    EXPECT_EQ(dut.uses(time)[0].used, 20u);
    EXPECT_EQ(answer(ask(1, {1, 10})).earliest, time.calendar + 13min);
    EXPECT_TRUE(dut.outstanding().is_nothing());
}

TEST_F(SharedBudgets, one_message_larger_than_the_allowance_fits_an_unused_window) {
    EXPECT_EQ(answer(ask(0, {1, 5000})).granted, (Amount{1, 5000}));
    EXPECT_EQ(answer(ask(1, {1, 1})).earliest, WallTime(1001h));
}

TEST_F(SharedBudgets, its_state_survives_a_restart) {
    answer(ask(0, {4, 400}));
    SharedBudget after(limits);
    const QuotaTime restarted{Instant(5s), time.calendar + 30s};
    after.restore(dut.state(time), restarted);
    for (const auto shard : dut.take_changed()) after.restore_shard(shard, dut.shard_state(shard));
    EXPECT_EQ(after.outstanding(), dut.outstanding());
    after.on_ask({0, 2, {1, 100}, {1, 100}, {}, {}, {}}, restarted);
    EXPECT_EQ(after.grants(restarted).size(), 1u);
    EXPECT_EQ(after.uses(restarted)[1].used, 100u);
    EXPECT_TRUE(dut.take_changed().empty());
}

TEST_F(SharedBudgets, what_the_scef_says_stops_all_leases) {
    dut.exhaust_until(time, time.now + 10min);
    const LeaseGrant refused = answer(ask(0, {1, 10}));
    EXPECT_TRUE(refused.granted.is_nothing());
    EXPECT_EQ(refused.limit, told_limit);
    EXPECT_EQ(refused.earliest, time.calendar + 10min);
}

}  // namespace
}  // namespace scef::quota
