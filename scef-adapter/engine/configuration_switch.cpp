#include "scef-adapter/engine/configuration_switch.h"

#include <utility>

namespace scef::adapter {
namespace {

/// The same use under other limits, or without any loss under the same.
std::unique_ptr<quota::DirectionQuota> moved(const quota::DirectionQuota& old,
                                             const quota::QuotaLimits& limits, WallTime since,
                                             const quota::QuotaTime& time) {
    auto fresh = std::make_unique<quota::DirectionQuota>(limits, since);
    if (limits == old.limits()) {
        fresh->resume(old.position());
    } else {
        fresh->restore(old.state(time), time);
    }
    return fresh;
}

}  // namespace

void ConfigurationSwitch::apply(const ConfigurationChanged& event) {
    const auto old = std::exchange(engine_.config_, event.config);  // devices still point into it
    std::vector<queueing::DeviceIndex> busy;
    engine_.devices_.rebind(event.config, engine_.turn_->now, [&](Device& device) {
        rebind(device, *event.config);
        if (device.activity && device.activity->queue.size() > 0) busy.push_back(device.index);
    });
    engine_.scope_quotas_.rebind(event.config, engine_.quota_time());
    for (const queueing::DeviceIndex index : busy) {
        Device* device = engine_.device_at(index);
        if (device == nullptr) continue;
        engine_.pump(*device);
        engine_.release_idle(*device);
        engine_.settle();  // never all of them unpacked at once
    }
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void ConfigurationSwitch::rebind(Device& device, const Config& config) const {
    device.profile = &config.profiles.at(device.spec.profile);
    const auto quota = find_quota(config, device.spec.quota);
    if (!quota) return;  // does not happen: names stay, and given quotas are shared
    device.quota = &(*quota)->second;
    const auto time = engine_.quota_time();
    device.downlink_quota =
        moved(*device.downlink_quota, device.quota->downlink, device.created_at, time);
    device.uplink_quota =
        moved(*device.uplink_quota, device.quota->uplink, device.created_at, time);
}

}  // namespace scef::adapter
