#include <algorithm>
#include <chrono>

#include "scef-adapter/engine/engine.h"

/// What may be asked of an engine between turns.
namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::MessageState;

DeviceView Engine::find_device(const ExternalId& id) const { return devices_.view(id); }

DeviceView Engine::find_device(DeviceIndex index) const { return devices_.view(index); }

const queueing::Message* Engine::find_message(const MessageId& id) const {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : found->second.get();
}

std::optional<std::size_t> Engine::server_of(queueing::EndpointIndex endpoint) const {
    return devices_.server_of(endpoint);
}

std::vector<DeviceView> Engine::devices(DeviceIndex from, std::size_t limit) const {
    return devices_.page(from, limit);
}

std::vector<DeviceView> Engine::busy_devices(DeviceIndex from, std::size_t limit) const {
    return devices_.page_of_busy(from, limit);
}

std::vector<const queueing::Message*> Engine::messages_of(const Device& device) const {
    std::vector<const queueing::Message*> list;
    if (!device.activity) return list;
    for (const MessageId& id : device.activity->messages) {
        if (const auto* message = find_message(id)) list.push_back(message);
    }
    return list;
}

EngineGauges Engine::gauges(WallTime now) const {
    EngineGauges gauges;
    const DeviceCensus census = devices_.census();
    gauges.devices = census.devices;
    gauges.devices_registered = census.registered;
    gauges.configurations = census.configurations;
    gauges.messages_open = messages_.size();
    gauges.bytes_open = bytes_open_;
    gauges.uplinks_open = uplinks_.size();
    for (const auto& [id, message] : messages_) {
        if (message->state != MessageState::queued) continue;
        ++gauges.queued_by_reason[message->reason];
        gauges.oldest_queued_seconds =
            std::max(gauges.oldest_queued_seconds,
                     std::chrono::duration<double>(now - message->created_at).count());
    }
    return gauges;
}

}  // namespace scef::adapter
