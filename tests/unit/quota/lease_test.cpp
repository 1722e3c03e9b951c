#include "quota/lease.h"

#include <gtest/gtest.h>

namespace scef::quota {
namespace {

using namespace std::chrono_literals;

struct Leases : ::testing::Test {
    Lease dut{7};
    QuotaTime time{Instant(1h), WallTime(1000h)};

    void pass(Duration duration) { time = {time.now + duration, time.calendar + duration}; }
    /// What the owner says to it, for its lease of now.
    bool grant(Amount granted, Amount emergency = {}, WallTime valid_until = WallTime::max()) {
        const auto state = dut.state();
        return dut.on_grant({7, state.serial, state.used_total, granted, emergency, valid_until,
                             WallTime{}, no_limit},
                            time);
    }
    bool passes(std::uint64_t octets, bool emergency = false) const {
        return dut.earliest(time, {.octets = octets, .emergency = emergency}).at == time.now;
    }
};

TEST_F(Leases, nothing_is_asked_while_nothing_is_wanted) {
    EXPECT_EQ(dut.ask(time), std::nullopt);
    EXPECT_EQ(dut.look_again_at(time), never);
}

TEST_F(Leases, what_waits_is_asked_for_once_and_passes_with_the_grant) {
    EXPECT_FALSE(passes(50));
    dut.want(time, {.octets = 50});
    const auto ask = dut.ask(time);
    ASSERT_TRUE(ask);
    EXPECT_EQ(ask->least, (Amount{1, 50}));
    EXPECT_EQ(dut.ask(time), std::nullopt);
    EXPECT_TRUE(grant({1, 50}));
    EXPECT_TRUE(passes(50));
    EXPECT_FALSE(passes(51));
    dut.charge(time, 50);
    EXPECT_FALSE(passes(0));
}

TEST_F(Leases, a_grant_that_comes_twice_or_late_gives_nothing_more) {
    EXPECT_TRUE(grant({5, 500}));
    EXPECT_FALSE(grant({5, 500}));
    EXPECT_FALSE(grant({2, 200}));
    EXPECT_EQ(dut.left(time), (Amount{5, 500}));
    EXPECT_FALSE(dut.on_grant({7, 0, {}, {90, 9000}, {}, WallTime::max(), {}, no_limit}, time))
        << "of a lease that is over";
}

TEST_F(Leases, an_ask_without_an_answer_is_repeated) {
    dut.want(time, {.octets = 1});
    const auto ask = dut.ask(time);
    pass(4s);
    EXPECT_EQ(dut.ask(time), std::nullopt);
    pass(1s);
    EXPECT_EQ(dut.ask(time), ask);
}

TEST_F(Leases, a_slice_grows_with_use_and_shrinks_without) {
    for (int i = 0; i < 10; ++i) dut.charge(time, 100);
    dut.want(time, {.octets = 100});
    EXPECT_EQ(dut.ask(time)->wanted, (Amount{10 + 1 + 10, 2100})) << "used, wanted, and soon";
    pass(5s);
    EXPECT_EQ(dut.ask(time)->wanted, (Amount{10 + 1, 1100}));
}

TEST_F(Leases, what_is_unused_for_a_while_goes_back) {
    grant({5, 500});
    dut.charge(time, 100);
    const auto serial = dut.state().serial;
    pass(Lease::idle_after);
    EXPECT_EQ(dut.look_again_at(time), time.now);
    const auto report = dut.ask(time);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->serial, serial + 1);
    EXPECT_EQ(report->used_before, (Amount{1, 100}));
    EXPECT_TRUE(report->least.is_nothing());
    EXPECT_FALSE(passes(1));
}

TEST_F(Leases, at_the_end_of_a_window_what_is_left_is_void) {
    grant({5, 500}, {}, time.calendar + 1s);
    EXPECT_TRUE(passes(100));
    EXPECT_EQ(dut.look_again_at(time), time.now + 1s);
    pass(1s);
    EXPECT_FALSE(passes(100));
    dut.want(time, {.octets = 100});
    EXPECT_EQ(dut.ask(time)->least, (Amount{1, 100})) << "of a new lease";
}

TEST_F(Leases, what_is_for_emergencies_passes_nothing_else) {
    grant({1, 100}, {1, 100});
    EXPECT_FALSE(passes(101));
    EXPECT_TRUE(passes(101, true));
    dut.charge(time, 100, true);
    EXPECT_TRUE(passes(100)) << "the emergency used its own";
    dut.charge(time, 100);
    EXPECT_FALSE(passes(1, true));
}

TEST_F(Leases, debt_is_reported_and_not_passed_by_what_waits) {
    dut.charge(time, 300);
    dut.want(time, {.octets = 50});
    const auto ask = dut.ask(time);
    ASSERT_TRUE(ask);
    EXPECT_EQ(ask->used_total, (Amount{1, 300}));
    EXPECT_EQ(ask->least, (Amount{2, 350}));
    EXPECT_FALSE(grant({1, 300})) << "only the debt";
    EXPECT_TRUE(grant({2, 350}));
}

TEST_F(Leases, the_time_that_the_owner_named_is_told) {
    dut.want(time, {.octets = 50});
    (void)dut.ask(time);
    dut.on_grant({7, 1, {}, {}, {}, WallTime::max(), time.calendar + 90s, 2}, time);
    const Earliest earliest = dut.earliest(time, {.octets = 50});
    EXPECT_EQ(earliest.at, time.now + 90s);
    EXPECT_EQ(earliest.limit, 2);
}

TEST_F(Leases, a_shard_that_starts_again_ends_the_lease_of_the_former_process) {
    grant({5, 500});
    dut.charge(time, 100);
    Lease after(7);
    after.resynchronize(dut.state());
    EXPECT_TRUE(after.left(time).is_nothing());
    const auto ask = after.ask(time);
    ASSERT_TRUE(ask);
    EXPECT_EQ(ask->serial, dut.state().serial + 1);
    EXPECT_EQ(ask->used_before, (Amount{1, 100}));
    EXPECT_EQ(ask->used_total, (Amount{1, 100}));
}

TEST_F(Leases, octets_are_rounded_up) {
    Lease rounded(7, 1024);
    rounded.charge(time, 1);
    EXPECT_EQ(rounded.state().used_total, (Amount{1, 1024}));
}

}  // namespace
}  // namespace scef::quota
