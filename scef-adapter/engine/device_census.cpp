#include "scef-adapter/engine/device_census.h"

#include <algorithm>
#include <chrono>

namespace scef::adapter {
namespace {

using Kind = ReachabilityConfig::Kind;
using std::chrono::hours;
using std::chrono::seconds;

bool has_end(const NiddLink& nidd) {
    return nidd.status == NiddLink::Status::active && nidd.expires_at > WallTime{};
}

CountsByTime::Tick hour_of(WallTime time) {
    return static_cast<CountsByTime::Tick>(
        std::chrono::floor<hours>(time.time_since_epoch()).count());
}

CountsByTime::Tick second_of(Instant time) {
    return static_cast<CountsByTime::Tick>(
        std::chrono::ceil<seconds>(std::max(time, Instant{}).time_since_epoch()).count());
}

Hearing hearing_of(const Device& device, Instant now) {
    const Kind kind = device.profile->reachability.kind;
    if (kind == Kind::always) return Hearing::always;
    if (kind == Kind::edrx) return Hearing::edrx;
    if (device.last_uplink == WallTime{}) return Hearing::unheard;
    return device.reachable_until > now ? Hearing::awake : Hearing::asleep;
}

void take_earlier(std::optional<WallTime>& first, WallTime time) {
    first = std::min(first.value_or(time), time);
}

}  // namespace

std::string_view name_of(Hearing hearing) {
    static constexpr std::array<std::string_view, hearing_kinds> names{"always", "edrx", "awake",
                                                                       "asleep", "unheard"};
    return names.at(static_cast<std::size_t>(hearing));
}

void DeviceCensus::enters(const Device& device, Instant now) {
    ++devices_;
    if (device.is_registered()) ++registered_;
    switch (hearing_of(device, now)) {
        case Hearing::always:
            ++always_;
            break;
        case Hearing::edrx:
            ++edrx_;
            break;
        case Hearing::unheard:
            ++unheard_;
            break;
        case Hearing::awake:
            awake_until_.forget_before(second_of(now));
            awake_until_.add(second_of(device.reachable_until));
            break;
        case Hearing::asleep:
            break;
    }
    OfScef& scef = scefs_[device.scef];
    ++scef.configurations[static_cast<std::size_t>(device.nidd.status)];
    if (has_end(device.nidd)) scef.expiries.add(hour_of(device.nidd.expires_at));
}

/// A deadline that was over when the device entered is not packed: it is none now.
void DeviceCensus::leaves(const Device& device) {
    --devices_;
    if (device.is_registered()) --registered_;
    switch (hearing_of(device, Instant{})) {
        case Hearing::always:
            --always_;
            break;
        case Hearing::edrx:
            --edrx_;
            break;
        case Hearing::unheard:
            --unheard_;
            break;
        case Hearing::awake:
            awake_until_.take_away(second_of(device.reachable_until));
            break;
        case Hearing::asleep:
            break;
    }
    OfScef& scef = scefs_[device.scef];
    --scef.configurations[static_cast<std::size_t>(device.nidd.status)];
    if (has_end(device.nidd)) scef.expiries.take_away(hour_of(device.nidd.expires_at));
}

DeviceCounts DeviceCensus::counts(Instant now) const {
    DeviceCounts counts;
    counts.devices = devices_;
    counts.registered = registered_;
    const std::uint64_t awake = awake_until_.from(second_of(now) + 1);
    counts.by_hearing = {always_, edrx_, awake, devices_ - always_ - edrx_ - unheard_ - awake,
                         unheard_};
    for (const OfScef& scef : scefs_) {
        DeviceCounts::OfScef& copy = counts.scefs.emplace_back();
        copy.configurations = scef.configurations;
        if (const auto hour = scef.expiries.first()) copy.first_expiry = WallTime(hours(*hour));
    }
    return counts;
}

void DeviceCensus::add(DeviceCounts& counts, const Device& device, Instant now) {
    ++counts.devices;
    if (device.is_registered()) ++counts.registered;
    ++counts.by_hearing[static_cast<std::size_t>(hearing_of(device, now))];
    DeviceCounts::OfScef& scef = counts.scefs[device.scef];
    ++scef.configurations[static_cast<std::size_t>(device.nidd.status)];
    if (has_end(device.nidd)) take_earlier(scef.first_expiry, device.nidd.expires_at);
}

}  // namespace scef::adapter
