#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "queueing/message.h"
#include "quota/device_quota.h"

namespace scef::adapter {

/// Devices that wait for a shared quota, each once, in the order in which they came; emergencies
/// first.
class WaitingDevices {
public:
    /// Whether it, or that it has an emergency, was not known.
    bool add(queueing::DeviceIndex device, const quota::Want& want) {
        const auto [known, is_new] = known_.try_emplace(device, want.emergency);
        if (!is_new && (known->second || !want.emergency)) return false;
        known->second = want.emergency;
        if (!is_new) std::erase_if(queue_, [&](const One& one) { return one.device == device; });
        if (want.emergency) {
            queue_.push_front({device, want});
        } else {
            queue_.push_back({device, want});
        }
        return true;
    }
    std::optional<queueing::DeviceIndex> take_first() {
        if (queue_.empty()) return std::nullopt;
        const queueing::DeviceIndex device = queue_.front().device;
        queue_.pop_front();
        known_.erase(device);
        return device;
    }
    std::vector<queueing::DeviceIndex> take_all() {
        std::vector<queueing::DeviceIndex> devices;
        while (const auto device = take_first()) devices.push_back(*device);
        return devices;
    }
    std::size_t size() const { return queue_.size(); }
    template <typename Each>
    void for_first(std::size_t count, Each each) const {
        for (std::size_t i = 0; i < std::min(count, queue_.size()); ++i) each(queue_[i].want);
    }

private:
    struct One {
        queueing::DeviceIndex device;
        quota::Want want;
    };
    std::deque<One> queue_;
    std::unordered_map<queueing::DeviceIndex, bool> known_;  ///< whether for an emergency
};

}  // namespace scef::adapter
