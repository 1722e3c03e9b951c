#include <gtest/gtest.h>

#include "quota/device_quota.h"
#include "quota/lease.h"
#include "quota/shared_budget.h"
#include "tests/unit/quota/zones.h"

/// The numbers of docs/quotas.md.
namespace scef::quota {
namespace {

using namespace std::chrono_literals;
using test::utc;

/// messages: 60/hour, burst: 5, bytes: [10KiB/day, 100KiB/month], two exceptions a day.
QuotaLimits meter() {
    QuotaLimits limits;
    limits.messages = {{{60, 1h}, 5}};
    limits.allowances = {{10'240, test::daily(test::berlin())},
                         {102'400, test::monthly(test::berlin()), Unit::octets, true}};
    limits.exceptions = MessageRate{{2, 24h}, 2};
    return limits;
}

struct WorkedExamples : ::testing::Test {
    const QuotaLimits limits = meter();
    DirectionQuota dut{limits};
    QuotaTime time{Instant(10h), utc(2026, 7, 1, 10h)};  // noon in Berlin
    const Want ordinary{.octets = 100, .reserve = 0.2};
    const Want emergency{.octets = 100, .emergency = true};

    void pass(Duration duration) { time = {time.now + duration, time.calendar + duration}; }
    Duration wait(const Want& want) const { return dut.earliest(time, want).at - time.now; }
    void send(int messages) {
        for (int i = 0; i < messages; ++i) dut.charge(time, 100);
    }
};

TEST_F(WorkedExamples, wait) {
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(wait(ordinary), 0s);
        send(1);
    }
    EXPECT_EQ(wait(ordinary), 48s);
    pass(48s);
    send(1);
    EXPECT_EQ(wait(ordinary), 1min);
}

TEST_F(WorkedExamples, reserve_and_exception) {
    send(4);
    EXPECT_EQ(wait(emergency), 0s);
    dut.charge(time, 100, true);
    EXPECT_EQ(wait({.octets = 100}), 1min) << "all five are gone";
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(wait(emergency), 0s);
        dut.charge(time, 100, true);
    }
    EXPECT_EQ(wait(emergency), 1min);
    EXPECT_EQ(dut.uses(time)[1].used, 500u) << "exceptions count apart";
}

TEST_F(WorkedExamples, octets_of_a_day) {
    for (int i = 0; i < 81; ++i) {
        EXPECT_EQ(wait(ordinary), 0s);
        send(1);
        pass(1min);
    }
    EXPECT_EQ(time.calendar + wait(ordinary), utc(2026, 7, 1, 22h)) << "midnight in Berlin";
    EXPECT_EQ(limit_name(limits, dut.earliest(time, ordinary).limit),
              "10240 octets per day in Europe/Berlin");
}

TEST_F(WorkedExamples, first_month) {
    const DirectionQuota late(limits, utc(2026, 4, 20, 22h));
    EXPECT_EQ(late.uses({Instant(1h), utc(2026, 4, 25)})[2].limit, 34'134u);
    EXPECT_EQ(late.uses({Instant(1h), utc(2026, 5, 25)})[2].limit, 102'400u);
}

TEST_F(WorkedExamples, forecast) {
    const QuotaTime tenth{Instant(1h), utc(2026, 7, 10, 22h)};
    for (int i = 0; i < 512; ++i) dut.charge(tenth, 100);
    EXPECT_EQ(dut.uses(tenth)[2].exhausted_at, utc(2026, 7, 20, 22h));
}

TEST_F(WorkedExamples, debt) {
    send(8);
    EXPECT_EQ(wait(ordinary), 4min + 48s);
}

TEST_F(WorkedExamples, shared_scope) {
    const QuotaLimits of_scef{{{{60, 1min}, 8}}, {}, {}, 1};
    SharedBudget owner(of_scef);
    owner.on_ask({1, 1, {}, {}, {5, 500}, {}, {}}, time);
    EXPECT_EQ(owner.grants(time).at(0).granted.messages, 5u);
    owner.on_ask({1, 1, {}, {3, 300}, {5, 500}, {}, {}}, time);
    EXPECT_EQ(owner.outstanding().messages, 2u);
    EXPECT_EQ(owner.uses(time)[0].remaining, 3u);
    (void)owner.grants(time);
    pass(1h);
    owner.on_ask({2, 1, {}, {}, {6, 600}, {}, {}}, time);
    EXPECT_EQ(owner.grants(time).at(0).granted.messages, 6u);
    EXPECT_EQ(owner.outstanding().messages, 8u);
}

}  // namespace
}  // namespace scef::quota
