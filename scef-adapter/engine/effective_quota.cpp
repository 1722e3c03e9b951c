#include "scef-adapter/engine/effective_quota.h"

#include <algorithm>
#include <tuple>

namespace scef::adapter {
namespace {

/// Exceptions stand last and bind nothing: they are there besides.
void take_tightest(std::vector<quota::LimitUse>& effective,
                   const std::vector<quota::LimitUse>& uses, bool has_exceptions) {
    const std::size_t size = uses.size() - (has_exceptions ? 1 : 0);
    for (std::size_t i = 0; i < size; ++i) {
        const quota::LimitUse& use = uses[i];
        const auto same = std::find_if(effective.begin(), effective.end(),
                                       [&](const auto& other) { return other.unit == use.unit; });
        if (same == effective.end()) {
            effective.push_back(use);
        } else if (std::tuple(use.remaining, same->resets_at) <
                   std::tuple(same->remaining, use.resets_at)) {
            *same = use;
        }
    }
}

}  // namespace

DownlinkEarliest downlink_earliest(const Device& device, const quota::QuotaTime& time,
                                   const quota::Want& want) {
    const quota::Earliest own = device.downlink_quota->earliest(time, want);
    if (device.learned_quota) {
        const quota::Earliest learned = device.learned_quota->downlink_earliest(time, want);
        if (learned.at > own.at) return {learned.at, quota::no_limit, true};
    }
    return {own.at, own.limit, false};
}

std::string limit_name(const Device& device, const DownlinkEarliest& earliest) {
    return earliest.is_learned ? device.learned_quota->name(LearnedQuota::Limit::plmn_downlink)
                               : quota::limit_name(device.downlink_quota->limits(), earliest.limit);
}

std::uint64_t charge_downlink(Device& device, const quota::QuotaTime& time, std::uint64_t octets,
                              bool emergency) {
    const std::uint64_t counted = device.downlink_quota->charge(time, octets, emergency);
    if (device.learned_quota) device.learned_quota->charge_downlink(time, octets);
    return counted;
}

bool charge_uplink(Device& device, const quota::QuotaTime& time, std::uint64_t octets) {
    const bool is_over = device.uplink_quota->earliest(time, {.octets = octets}).at > time.now;
    device.uplink_quota->charge(time, octets);
    return (device.learned_quota && device.learned_quota->charge_uplink(time, octets)) || is_over;
}

void take_rate_control(Device& device, const RateControlReport& report,
                       const quota::QuotaTime& time) {
    const auto before = std::move(device.learned_quota);
    device.rate_control = report;
    device.learned_quota = report.is_told() ? std::make_unique<LearnedQuota>(report) : nullptr;
    if (before && device.learned_quota) device.learned_quota->restore(before->state(time), time);
}

std::vector<quota::LimitUse> tightest(const std::vector<quota::LimitUse>& uses) {
    std::vector<quota::LimitUse> effective;
    take_tightest(effective, uses, false);
    return effective;
}

QuotaSides quota_sides(const Device& device, Direction direction, const quota::QuotaTime& time) {
    const bool is_downlink = direction == Direction::downlink;
    const quota::DirectionQuota& own = *(is_downlink ? device.downlink_quota : device.uplink_quota);
    QuotaSides sides;
    sides.configured = own.uses(time);
    take_tightest(sides.effective, sides.configured, own.limits().exceptions.has_value());
    if (!device.learned_quota) return sides;
    sides.learned = device.learned_quota->uses(direction, time);
    const bool has_exceptions = !is_downlink && device.rate_control.exception_limit();
    take_tightest(sides.effective, sides.learned, has_exceptions);
    return sides;
}

}  // namespace scef::adapter
