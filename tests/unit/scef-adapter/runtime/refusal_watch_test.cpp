#include "scef-adapter/runtime/refusal_watch.h"

#include <vector>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;
using nidd::Unknown;

struct Refusals : testing::Test {
    std::vector<RefusalWatch::Counts> alarms;
    RefusalWatch dut{[this](const RefusalWatch::Counts& counts) { alarms.push_back(counts); }};
    Instant now{1h};

    std::optional<Duration> refuse(Unknown kind, const std::string& address = "192.0.2.1") {
        return dut.on_unknown(kind, address, now);
    }
    void refuse_many(std::uint64_t count, Unknown kind = Unknown::transfer) {
        for (std::uint64_t i = 0; i < count; ++i) refuse(kind);
    }
};

TEST_F(Refusals, are_counted_by_what_is_unknown) {
    refuse(Unknown::capability);
    refuse(Unknown::configuration);
    refuse(Unknown::configuration);
    refuse(Unknown::transfer);
    EXPECT_EQ(dut.counts().of(Unknown::capability), 1u);
    EXPECT_EQ(dut.counts().of(Unknown::configuration), 2u);
    EXPECT_EQ(dut.counts().of(Unknown::transfer), 1u);
    EXPECT_EQ(dut.counts().throttled, 0u);
    EXPECT_EQ(dut.counts().total(), 4u);
}

TEST_F(Refusals, the_sixth_wrong_capability_of_an_address_within_a_minute_is_to_wait) {
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(refuse(Unknown::capability));
    now += 20s;
    EXPECT_EQ(refuse(Unknown::capability), 40s);
    EXPECT_FALSE(refuse(Unknown::capability, "192.0.2.2")) << "another address";
    EXPECT_EQ(dut.counts().of(Unknown::capability), 7u);
    EXPECT_EQ(dut.counts().throttled, 1u);
    now += 40s;
    EXPECT_FALSE(refuse(Unknown::capability));
}

TEST_F(Refusals, who_has_a_right_capability_never_waits) {
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(refuse(Unknown::configuration));
        EXPECT_FALSE(refuse(Unknown::transfer));
    }
}

TEST_F(Refusals, more_than_the_limit_in_a_minute_raise_one_alarm) {
    refuse_many(RefusalWatch::alarm_over);
    EXPECT_TRUE(alarms.empty());
    refuse(Unknown::capability, "198.51.100.7");
    ASSERT_EQ(alarms.size(), 1u);
    EXPECT_EQ(alarms[0].of(Unknown::transfer), RefusalWatch::alarm_over);
    EXPECT_EQ(alarms[0].of(Unknown::capability), 1u);
    now += 59s;
    refuse_many(1000);
    EXPECT_EQ(alarms.size(), 1u);
}

TEST_F(Refusals, each_further_minute_that_has_too_many_raises_one_of_its_own) {
    refuse_many(RefusalWatch::alarm_over + 1);
    now += 1min;
    refuse_many(RefusalWatch::alarm_over, Unknown::configuration);
    EXPECT_EQ(alarms.size(), 1u);
    refuse_many(10, Unknown::configuration);
    ASSERT_EQ(alarms.size(), 2u);
    EXPECT_EQ(alarms[1].of(Unknown::configuration), RefusalWatch::alarm_over + 1);
    EXPECT_EQ(alarms[1].of(Unknown::transfer), 0u) << "those of the minute before";
    EXPECT_EQ(dut.counts().total(), 2 * RefusalWatch::alarm_over + 11);
}

TEST_F(Refusals, a_slow_trickle_raises_none) {
    for (int i = 0; i < 1000; ++i) {
        refuse(Unknown::transfer);
        now += 1s;
    }
    EXPECT_TRUE(alarms.empty());
}

}  // namespace
}  // namespace scef::adapter
