#include "quota/device_quota.h"

#include <gtest/gtest.h>

namespace scef::quota {
namespace {

using namespace std::chrono_literals;

struct Clock {
    SeededRandom random{1};
    Turn at(Duration now, Duration wall) { return {Instant(now), WallTime(wall), random}; }
};

TEST(DirectionQuota, without_limits_everything_goes) {
    Clock clock;
    const Turn turn = clock.at(1h, 1000h);
    EXPECT_EQ(DirectionQuota({}).earliest(turn, 1'000'000), turn.now);
}

TEST(DirectionQuota, both_limits_must_be_met) {
    Clock clock;
    DirectionQuota quota({Rate{60, 1h}, 1, Rate{100, 1h}});
    quota.charge(clock.at(1h, 1000h), 100);
    EXPECT_EQ(quota.earliest(clock.at(1h, 1000h), 1), Instant(2h));
    EXPECT_EQ(quota.earliest(clock.at(1h, 1000h), 0), Instant(1h + 1min));
}

TEST(DirectionQuota, more_octets_of_a_charged_frame_cost_no_message) {
    Clock clock;
    const Turn turn = clock.at(1h, 1000h);
    DirectionQuota quota({Rate{60, 1h}, 2, Rate{100, 1h}});
    quota.charge(turn, 60);
    EXPECT_TRUE(quota.has_room_for_more(turn, 40));
    EXPECT_FALSE(quota.has_room_for_more(turn, 41));
    quota.charge_more(turn, 41);
    EXPECT_TRUE(quota.has_room_for_more(turn, 0));
    EXPECT_EQ(quota.state(turn).messages_total, 1u);
    EXPECT_EQ(quota.state(turn).bytes_total, 101u);
    EXPECT_EQ(quota.earliest(turn, 1), Instant(2h));
}

TEST(DirectionQuota, its_state_survives_another_steady_clock) {
    Clock clock;
    const QuotaLimits limits{Rate{60, 1h}, 1, std::nullopt};
    DirectionQuota before(limits);
    before.charge(clock.at(5h, 1000h), 10);
    DirectionQuota after(limits);
    after.restore(before.state(clock.at(5h, 1000h)), clock.at(1h, 1000h + 30s));
    EXPECT_EQ(after.earliest(clock.at(1h, 1000h + 30s), 1), Instant(1h + 30s));
    EXPECT_EQ(after.state(clock.at(1h, 1000h)).bytes_total, 10u);
}

TEST(DirectionQuota, another_object_of_this_process_goes_on_where_it_was) {
    Clock clock;
    const QuotaLimits limits{Rate{60, 1h}, 1, Rate{100, 1h}};
    DirectionQuota before(limits);
    for (int i = 0; i < 30; ++i) before.charge(clock.at(5h, 1000h), 3);
    DirectionQuota after(limits);
    after.resume(before.position());
    const Turn later = clock.at(5h + 1min, 1000h + 1min);
    EXPECT_EQ(after.earliest(later, 1), Instant(5h + 30min));
    EXPECT_EQ(after.earliest(later, 20), before.earliest(later, 20));
    EXPECT_EQ(after.state(later).bytes_total, 90u);
}

TEST(DirectionQuota, a_wall_clock_set_back_does_not_block_for_hours) {
    Clock clock;
    const QuotaLimits limits{Rate{60, 1h}, 1, std::nullopt};
    DirectionQuota before(limits);
    before.charge(clock.at(5h, 1000h), 10);
    DirectionQuota after(limits);
    after.restore(before.state(clock.at(5h, 1000h)), clock.at(1h, 990h));
    EXPECT_LE(after.earliest(clock.at(1h, 990h), 1), Instant(1h + 1min));
}

}  // namespace
}  // namespace scef::quota
