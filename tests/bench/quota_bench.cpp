#include <benchmark/benchmark.h>

#include "quota/device_quota.h"
#include "quota/lease.h"
#include "quota/shared_budget.h"
#include "scef-adapter/config/time_zone_file.h"
#include "scef-adapter/engine/packed_device.h"
#include "tests/unit/scef-adapter/engine/full_device.h"

/// What a message pays for its quotas, and what they take in memory.
namespace scef {
namespace {

using namespace std::chrono_literals;
using quota::QuotaLimits;
using quota::QuotaTime;

constexpr QuotaTime start{Instant(1h), WallTime(24h * 20'500)};

QuotaTime after(const QuotaTime& time, Duration passed) {
    return {time.now + passed, time.calendar + passed};
}

/// As in docs/configuration.md: a rate with a burst, and octets in each day.
QuotaLimits default_quota() {
    QuotaLimits limits;
    limits.messages = {{{100, 1h}, 10}};
    limits.allowances.resize(1);
    limits.allowances[0].amount = std::uint64_t{100} * 1024;
    limits.allowances[0].period.kind = quota::CalendarPeriod::Kind::day;
    return limits;
}

/// Several windows at once, by the calendar of a place.
QuotaLimits sold_quota() {
    QuotaLimits limits = default_quota();
    limits.messages.push_back({{1000, 24h}, 50});
    quota::AllowanceLimit month = limits.allowances[0];
    month.amount = std::uint64_t{1} << 20;
    month.period.kind = quota::CalendarPeriod::Kind::month;
    month.period.zone = *adapter::time_zone_named("Europe/Berlin");
    limits.allowances[0].period.zone = month.period.zone;
    limits.allowances.push_back(month);
    return limits;
}

void check_and_charge(benchmark::State& state, const QuotaLimits& limits) {
    quota::DirectionQuota dut(limits);
    QuotaTime time = start;
    std::uint64_t passed = 0;
    for (auto _ : state) {
        time = after(time, 40s);
        if (dut.earliest(time, {.octets = 40, .reserve = 0.1}).at <= time.now) {
            dut.charge(time, 40);
            ++passed;
        }
    }
    state.counters["passed"] =
        static_cast<double>(passed) / static_cast<double>(state.iterations());
}
void default_quota_check_and_charge(benchmark::State& state) {
    check_and_charge(state, default_quota());
}
BENCHMARK(default_quota_check_and_charge);
void two_rates_day_and_month_check_and_charge(benchmark::State& state) {
    check_and_charge(state, sold_quota());
}
BENCHMARK(two_rates_day_and_month_check_and_charge);

void device_group_scef_and_account(benchmark::State& state) {
    const QuotaLimits limits = default_quota();
    quota::DirectionQuota device(limits);
    quota::Lease group(0), scef(0), account(0);
    QuotaTime time = start;
    for (quota::Lease* lease : {&group, &scef, &account}) {
        const quota::Amount all{1ull << 40, 1ull << 50};
        lease->on_grant({0, 1, {}, all, {}, WallTime::max(), {}, quota::no_limit}, time);
    }
    const quota::Want want{.octets = 40, .reserve = 0.1};
    for (auto _ : state) {
        time = after(time, 40s);
        bool passes = device.earliest(time, want).at <= time.now;
        for (const quota::Lease* lease : {&group, &scef, &account}) {
            passes = passes && lease->earliest(time, want).at <= time.now;
        }
        if (!passes) continue;
        device.charge(time, 40);
        for (quota::Lease* lease : {&group, &scef, &account}) lease->charge(time, 40);
    }
}
BENCHMARK(device_group_scef_and_account);

/// A message for which nothing is leased: ask, answer, grant, and back again.
void lease_of_one_message(benchmark::State& state) {
    QuotaLimits limits;
    limits.messages = {{{1'000'000, 1s}, 1'000'000}};
    quota::SharedBudget owner(limits, 0.1);
    quota::Lease lease(3);
    QuotaTime time = start;
    for (auto _ : state) {
        time = after(time, 3s);
        lease.want(time, {.octets = 40});
        owner.on_ask(*lease.ask(time), time);
        for (const auto& grant : owner.grants(time)) lease.on_grant(grant, time);
        lease.charge(time, 40);
    }
}
BENCHMARK(lease_of_one_message);

void month_of_a_place(benchmark::State& state) {
    const QuotaLimits limits = sold_quota();
    WallTime time = start.calendar;
    for (auto _ : state) {
        benchmark::DoNotOptimize(limits.allowances[1].period.window_of(time));
        time += 1h;
    }
}
BENCHMARK(month_of_a_place);

/// What both directions of the default quota add to an idle device, in use and full of figures.
void octets_of_an_idle_device(benchmark::State& state) {
    adapter::Config config = *adapter::test::device_config();
    config.quotas["default"].downlink = config.quotas["default"].uplink = default_quota();
    adapter::DevicePacker packer(config);
    const auto octets_with = [&](int frames) {
        const auto device = adapter::test::bare_device(config, 300);
        device->created_at = start.calendar - 24h * 30;
        for (int i = 0; i < frames; ++i) {
            const QuotaTime time = after(start, i * (40s + 123'457us));
            device->downlink_quota->charge(time, 97);
            device->uplink_quota->charge(time, 113);
        }
        return packer.pack(*device, start.now).octets().size();
    };
    std::size_t octets = 0;
    for (auto _ : state) octets = octets_with(1000) - octets_with(0);
    state.counters["octets"] = static_cast<double>(octets);
}
BENCHMARK(octets_of_an_idle_device)->Iterations(1);

}  // namespace
}  // namespace scef

BENCHMARK_MAIN();
