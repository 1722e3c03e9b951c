#include "quota/device_quota.h"

#include <memory>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "quota/calendar_clock.h"
#include "tests/unit/quota/history.h"
#include "tests/unit/quota/zones.h"

namespace scef::quota {
namespace {

using namespace std::chrono_literals;
using test::utc;

QuotaTime at(Duration now, Duration wall) { return {Instant(now), WallTime(wall)}; }

QuotaLimits a_minute_each(std::uint32_t burst = 1) {
    QuotaLimits limits;
    limits.messages = {{{60, 1h}, burst}};
    return limits;
}
QuotaLimits with_octets(std::uint32_t burst = 1) {
    QuotaLimits limits = a_minute_each(burst);
    limits.allowances = {{100, test::every(1h)}};
    return limits;
}

TEST(DirectionQuota, without_limits_everything_goes) {
    const QuotaLimits limits;
    const QuotaTime time = at(1h, 1000h);
    const Earliest earliest = DirectionQuota(limits).earliest(time, {.octets = 1'000'000});
    EXPECT_EQ(earliest.at, time.now);
    EXPECT_EQ(earliest.limit, no_limit);
}

TEST(DirectionQuota, all_limits_must_be_met_and_the_one_that_binds_is_told) {
    const QuotaLimits limits = with_octets();
    DirectionQuota quota(limits);
    quota.charge(at(1h, 1000h), 100);
    const Earliest both = quota.earliest(at(1h, 1000h), {.octets = 1});
    EXPECT_EQ(both.at, Instant(2h));
    EXPECT_EQ(limit_name(limits, both.limit), "100 octets per hour");
    const Earliest rate = quota.earliest(at(1h, 1000h), {.octets = 0});
    EXPECT_EQ(rate.at, Instant(1h + 1min));
    EXPECT_EQ(limit_name(limits, rate.limit), "60 messages per hour");
}

TEST(DirectionQuota, several_rates_and_windows_bind_at_once) {
    QuotaLimits limits;
    limits.messages = {{{10, 1s}, 1}, {{3, 1h}, 3}};
    limits.allowances = {{1000, test::daily()}, {5, test::monthly(), Unit::messages}};
    DirectionQuota quota(limits);
    const WallTime noon = utc(2026, 1, 30, 12h);
    QuotaTime time{Instant(1h), noon};
    for (int i = 0; i < 3; ++i) {
        quota.charge(time, 1);
        time = {time.now + 1s, time.calendar + 1s};
    }
    EXPECT_EQ(quota.earliest(time, {.octets = 1}).limit, 1);
    for (int i = 0; i < 2; ++i) quota.charge(time, 1);
    EXPECT_EQ(quota.earliest(time, {.octets = 1}).at, time.now + (utc(2026, 2, 1) - time.calendar));
    EXPECT_EQ(quota.uses(time)[3].remaining, 0u);
}

TEST(DirectionQuota, octets_are_rounded_up_but_not_in_the_totals) {
    QuotaLimits limits = with_octets(10);
    limits.round_up = 40;
    DirectionQuota quota(limits);
    quota.charge(at(1h, 1000h), 1);
    EXPECT_EQ(quota.uses(at(1h, 1000h))[1].used, 40u);
    EXPECT_GT(quota.earliest(at(1h, 1000h), {.octets = 41}).at, Instant(1h));
    EXPECT_EQ(quota.state(at(1h, 1000h)).bytes_total, 1u);
}

TEST(DirectionQuota, exceptions_pass_when_the_ordinary_limits_are_used_up_and_count_apart) {
    QuotaLimits limits = a_minute_each();
    limits.exceptions = MessageRate{{2, 1h}, 2};
    DirectionQuota quota(limits);
    const QuotaTime time = at(1h, 1000h);
    const Want emergency{.octets = 1, .emergency = true};
    quota.charge(time, 1, true);
    EXPECT_EQ(quota.earliest(time, {.octets = 1}).at, Instant(1h + 1min));
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(quota.earliest(time, emergency).at, time.now);
        quota.charge(time, 1, true);
    }
    EXPECT_EQ(quota.earliest(time, emergency).at, Instant(1h + 1min)) << "the next ordinary one";
    EXPECT_EQ(quota.earliest(time, {.octets = 1}).at, Instant(1h + 1min)) << "not charged there";
    EXPECT_EQ(quota.uses(time).back().remaining, 0u);
}

TEST(DirectionQuota, what_the_scef_says_holds_even_without_limits_and_empties_the_bucket) {
    const QuotaLimits none;
    const QuotaLimits limits = a_minute_each(10);
    for (const QuotaLimits* of : {&none, &limits}) {
        DirectionQuota quota(*of);
        quota.exhaust_until(at(1h, 1000h), Instant(1h + 10min));
        const Earliest earliest = quota.earliest(at(1h, 1000h), {.octets = 1});
        EXPECT_EQ(earliest.at, Instant(1h + 10min));
        EXPECT_EQ(earliest.limit, told_limit);
    }
    DirectionQuota quota(limits);
    quota.exhaust_until(at(1h, 1000h), Instant(1h + 10min));
    quota.charge(at(1h + 10min, 1000h + 10min), 1);
    EXPECT_EQ(quota.earliest(at(1h + 10min, 1000h + 10min), {}).at, Instant(1h + 11min));
}

TEST(DirectionQuota, a_charge_tells_how_many_octets_it_counted) {
    QuotaLimits limits = a_minute_each();
    limits.round_up = 1024;
    limits.exceptions = MessageRate{{2, 1h}, 2};
    DirectionQuota quota(limits);
    const QuotaTime time = at(1h, 1000h);
    EXPECT_EQ(quota.charge(time, 1025, true), 2048u);
    EXPECT_EQ(quota.charge_more(time, 3), 1024u);
    EXPECT_EQ(quota.charge(time, 1025, true), 0u) << "an exception";
    EXPECT_EQ(quota.charge(time, 0), 0u);
}

TEST(DirectionQuota, more_octets_of_a_charged_frame_cost_no_message) {
    const QuotaLimits limits = with_octets(1);
    const QuotaTime time = at(1h, 1000h);
    DirectionQuota quota(limits);
    quota.charge(time, 60);
    EXPECT_TRUE(quota.has_room_for_more(time, 40)) << "though no message has";
    EXPECT_FALSE(quota.has_room_for_more(time, 41));
    quota.charge_more(time, 41);
    EXPECT_TRUE(quota.has_room_for_more(time, 0));
    EXPECT_EQ(quota.state(time).messages_total, 1u);
    EXPECT_EQ(quota.state(time).bytes_total, 101u);
    EXPECT_EQ(quota.earliest(time, {.octets = 1}).at, Instant(2h));
}

TEST(DirectionQuota, its_state_survives_another_steady_clock) {
    const QuotaLimits limits = a_minute_each();
    DirectionQuota before(limits);
    before.charge(at(5h, 1000h), 10);
    before.exhaust_until(at(5h, 1000h), Instant(5h + 45s));
    DirectionQuota after(limits);
    after.restore(before.state(at(5h, 1000h)), at(1h, 1000h + 30s));
    EXPECT_EQ(after.earliest(at(1h, 1000h + 30s), {}).at, Instant(1h + 30s));
    EXPECT_EQ(after.earliest(at(1h, 1000h + 30s), {}).limit, 0);
    EXPECT_EQ(after.state(at(1h, 1000h)).bytes_total, 10u);
}

TEST(DirectionQuota, a_debt_survives_a_restart) {
    const QuotaLimits limits = a_minute_each();
    DirectionQuota before(limits);
    for (int i = 0; i < 30; ++i) before.charge(at(5h, 1000h), 1);
    DirectionQuota after(limits);
    after.restore(before.state(at(5h, 1000h)), at(1h, 1000h));
    EXPECT_EQ(after.earliest(at(1h, 1000h), {}).at, Instant(1h + 30min));
}

TEST(DirectionQuota, another_object_of_this_process_goes_on_where_it_was) {
    const QuotaLimits limits = with_octets();
    DirectionQuota before(limits);
    for (int i = 0; i < 30; ++i) before.charge(at(5h, 1000h), 3);
    DirectionQuota after(limits);
    after.resume(before.position());
    const QuotaTime later = at(5h + 1min, 1000h + 1min);
    EXPECT_EQ(after.earliest(later, {.octets = 1}).at, Instant(5h + 30min));
    EXPECT_EQ(after.earliest(later, {.octets = 20}).at, before.earliest(later, {.octets = 20}).at);
    EXPECT_EQ(after.position(), before.position());
}

TEST(DirectionQuota, a_wall_clock_set_back_blocks_no_longer_than_a_burst_or_a_window) {
    const QuotaLimits limits = with_octets();
    for (const Duration back : {Duration(1min), Duration(1h), Duration(10h), Duration(10'000h)}) {
        DirectionQuota before(limits);
        before.charge(at(5h, 20'000h), 100);
        const QuotaTime restarted = at(1h, 20'000h - back);
        DirectionQuota after(limits);
        after.restore(before.state(at(5h, 20'000h)), restarted);
        EXPECT_LE(after.earliest(restarted, {}).at, Instant(1h + 1min)) << "one burst";
        const Instant octets = after.earliest(restarted, {.octets = 1}).at;
        EXPECT_LE(octets, Instant(1h) + 1h + std::min<Duration>(back, 1h));
        EXPECT_GT(octets, Instant(1h)) << "and opens none";
    }
}

TEST(DirectionQuota, limits_that_were_changed_do_not_inherit_a_longer_debt) {
    QuotaLimits before_limits;
    before_limits.messages = {{{1, 24h * 7}, 1}};
    before_limits.allowances = {{1000, test::daily()}};
    DirectionQuota before(before_limits);
    for (int i = 0; i < 5; ++i) before.charge(at(5h, 1000h), 100);
    const QuotaLimits after_limits = with_octets();
    DirectionQuota after(after_limits);
    after.restore(before.state(at(5h, 1000h)), at(5h, 1000h));
    EXPECT_EQ(after.earliest(at(5h, 1000h), {.octets = 100}).at, Instant(5h + 1min));
}

TEST(DirectionQuota, a_larger_amount_keeps_what_was_used) {
    QuotaLimits limits = with_octets(10);
    DirectionQuota before(limits);
    before.charge(at(5h, 1000h), 100);
    QuotaLimits larger = limits;
    larger.allowances[0].amount = 150;
    DirectionQuota after(larger);
    after.restore(before.state(at(5h, 1000h)), at(5h, 1000h));
    EXPECT_EQ(after.uses(at(5h, 1000h))[1].remaining, 50u);
}

/// The time of a day goes back or forth by an hour, in run, just before its end.
TEST(DirectionQuota, a_clock_that_jumps_near_the_end_of_a_window_neither_opens_nor_closes_it) {
    const QuotaLimits limits{{}, {{100, test::daily()}}, {}, 1};
    for (const Duration jump : {Duration(1h), Duration(-1h)}) {
        for (const std::uint64_t used : {100u, 50u}) {
            CalendarClock clock;
            DirectionQuota quota(limits);
            const WallTime wall = utc(2026, 3, 1) - 30min;
            quota.charge({Instant(1h), clock.advance(Instant(1h), wall)}, used);
            const QuotaTime jumped{Instant(1h), clock.advance(Instant(1h), wall + jump)};
            EXPECT_EQ(quota.earliest(jumped, {.octets = 50}).at == Instant(1h), used == 50);
            const Instant next = quota.earliest(jumped, {.octets = 100}).at;
            EXPECT_EQ(next, Instant(1h + 30min));
            const Instant later = next + 30min / 15;
            const QuotaTime after{later, clock.advance(later, wall + jump + (later - Instant(1h)))};
            EXPECT_EQ(quota.earliest(after, {.octets = 100}).at, later);
        }
    }
}

QuotaLimits any_limits() {
    QuotaLimits limits;
    const auto zone = *rc::gen::element(test::berlin(), test::lord_howe(), test::kathmandu());
    const Duration period = *rc::gen::element<Duration>(1min, 6min, 1h, 24h);
    limits.messages = {{{*rc::gen::inRange<std::uint64_t>(1, 50), period},
                        *rc::gen::inRange<std::uint32_t>(1, 10)},
                       {{*rc::gen::inRange<std::uint64_t>(1, 500), 24h * 7}, 20}};
    limits.allowances = {
        {*rc::gen::inRange<std::uint64_t>(300, 3000), test::daily(zone)},
        {*rc::gen::inRange<std::uint64_t>(1000, 20'000), test::monthly(zone, 31)},
        {*rc::gen::inRange<std::uint64_t>(1, 20), test::every(1h), Unit::messages}};
    return limits;
}

/// With restarts of random length, in which the state goes through its stored form.
TEST(DirectionQuota, over_any_window_of_any_history_no_limit_is_exceeded) {
    EXPECT_TRUE(rc::check([] {
        const QuotaLimits limits = any_limits();
        auto quota = std::make_unique<DirectionQuota>(limits);
        test::History history;
        QuotaTime time{Instant(1h), utc(2026, 3, 25)};
        const auto steps = *rc::gen::container<std::vector<std::uint32_t>>(
            rc::gen::inRange<std::uint32_t>(0, 40'000));
        for (const std::uint32_t step : steps) {
            const Duration passed = step % 5 == 0 ? Duration{} : std::chrono::seconds(step / 4);
            time = {time.now + passed, time.calendar + passed};
            if (step % 11 == 0) {
                const auto state = quota->state(time);
                quota = std::make_unique<DirectionQuota>(limits);
                quota->restore(state, time);
            }
            const std::uint64_t octets = step % 300;
            if (quota->earliest(time, {.octets = octets}).at > time.now) continue;
            quota->charge(time, octets);
            history.sent.push_back({time, octets, false});
        }
        RC_ASSERT(history.keeps(limits));
    }));
}

}  // namespace
}  // namespace scef::quota
