#include "scef-adapter/engine/device_census.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

TEST(CountsByTime, forgets_what_is_over_and_does_not_miss_it) {
    CountsByTime dut;
    for (const CountsByTime::Tick tick : {5u, 9u, 5u, 7u}) dut.add(tick);
    EXPECT_EQ(dut.from(6), 2u);
    EXPECT_EQ(dut.first(), 5u);
    dut.take_away(5);
    EXPECT_EQ(dut.first(), 5u);
    dut.forget_before(9);
    EXPECT_EQ(dut.first(), 9u);
    dut.take_away(7);
    dut.take_away(9);
    EXPECT_EQ(dut.first(), std::nullopt);
}

/// A configuration lives for 30 days and is renewed after 27: these are the hours of its end.
TEST(CountsByTime, of_a_hundred_thousand_ends_in_a_month_it_keeps_one_entry_an_hour) {
    CountsByTime dut;
    for (unsigned i = 0; i < 100'000; ++i) dut.add(500'000 + i * 7919 % 720);
    EXPECT_EQ(dut.size(), 720u);
    EXPECT_EQ(dut.from(0), 100'000u);
}

class Census : public testing::Test {
protected:
    Device device(ReachabilityConfig::Kind kind, WallTime ends = {}) {
        Device made;
        profiles.emplace_back().reachability.kind = kind;
        made.profile = &profiles.back();
        made.nidd.status = NiddLink::Status::active;
        made.nidd.expires_at = ends;
        return made;
    }
    std::uint64_t hearing(Hearing kind, Instant at) const {
        return dut.counts(at).by_hearing.at(static_cast<std::size_t>(kind));
    }

    std::deque<ProfileConfig> profiles;
    const Instant now{1h};
    DeviceCensus dut{1};
};

TEST_F(Census, who_was_awake_falls_asleep_without_being_looked_at) {
    Device sleepy = device(ReachabilityConfig::Kind::psm);
    sleepy.last_uplink = WallTime(1s);
    sleepy.reachable_until = now + 20s;
    dut.enters(sleepy, now);
    dut.enters(device(ReachabilityConfig::Kind::always), now);
    dut.enters(device(ReachabilityConfig::Kind::edrx), now);
    dut.enters(device(ReachabilityConfig::Kind::psm), now);
    EXPECT_EQ(hearing(Hearing::awake, now + 10s), 1u);
    EXPECT_EQ(hearing(Hearing::awake, now + 20s), 0u);
    EXPECT_EQ(hearing(Hearing::asleep, now + 20s), 1u);
    EXPECT_EQ(hearing(Hearing::always, now), 1u);
    EXPECT_EQ(hearing(Hearing::edrx, now), 1u);
    EXPECT_EQ(hearing(Hearing::unheard, now), 1u);
    dut.leaves(sleepy);
    EXPECT_EQ(hearing(Hearing::asleep, now + 20s), 0u);
    EXPECT_EQ(dut.counts(now).devices, 3u);
}

TEST_F(Census, the_first_end_of_a_configuration_is_that_of_those_who_are_there) {
    const auto kind = ReachabilityConfig::Kind::always;
    const Device first = device(kind, WallTime(100h)), second = device(kind, WallTime(200h + 5min));
    dut.enters(second, now);
    dut.enters(first, now);
    dut.enters(device(kind), now);
    EXPECT_EQ(dut.counts(now).scefs[0].first_expiry, WallTime(100h));
    dut.leaves(first);
    EXPECT_EQ(dut.counts(now).scefs[0].first_expiry, WallTime(200h)) << "up to an hour early";
    DeviceCounts counts = dut.counts(now);
    DeviceCensus::add(counts, device(kind, WallTime(150h + 1s)), now);
    EXPECT_EQ(counts.scefs[0].first_expiry, WallTime(150h + 1s)) << "of a busy one exactly";
}

}  // namespace
}  // namespace scef::adapter
