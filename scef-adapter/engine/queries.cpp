#include <algorithm>
#include <chrono>

#include "scef-adapter/engine/engine.h"

/// What may be asked of an engine between turns.
namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::MessageState;

const Device* Engine::find_device(const ExternalId& id) const {
    const auto found = device_by_id_.find(id.text());
    return found == device_by_id_.end() ? nullptr : find_device(found->second);
}

const Device* Engine::find_device(DeviceIndex index) const {
    return index < devices_.size() ? devices_[index].get() : nullptr;
}

const queueing::Message* Engine::find_message(const MessageId& id) const {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : found->second.get();
}

std::optional<std::size_t> Engine::server_of(queueing::EndpointIndex endpoint) const {
    const auto found = device_by_endpoint_.find(endpoint);
    const Device* device =
        found == device_by_endpoint_.end() ? nullptr : find_device(found->second);
    const VirtualEndpoint* virtual_endpoint =
        device == nullptr ? nullptr : device->endpoint_of(endpoint);
    if (virtual_endpoint == nullptr) return std::nullopt;
    return virtual_endpoint->server;
}

std::vector<const Device*> Engine::devices(DeviceIndex from, std::size_t limit) const {
    std::vector<const Device*> page;
    for (std::size_t i = from; i < devices_.size() && page.size() < limit; ++i) {
        if (devices_[i]) page.push_back(devices_[i].get());
    }
    return page;
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
    for (const auto& device : devices_) {
        if (!device) continue;
        ++gauges.devices;
        if (device->is_registered()) ++gauges.devices_registered;
        ++gauges.configurations[static_cast<std::size_t>(device->nidd.status)];
    }
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
