#include <algorithm>
#include <chrono>

#include "scef-adapter/engine/engine.h"

/// What may be asked of an engine between turns.
namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;

namespace {

/// A SCEF may tell of an end a while after it.
constexpr Duration report_grace = std::chrono::minutes(15);

/// Of a message, or of a glance at one.
template <typename Queued>
void count_queued(ScefGauges& gauges, const Queued& message, WallTime wall) {
    // Who is not the head of its device's queue was not looked at: it waits for its turn.
    ++gauges.queued_by_reason[message.reason == Reason::none ? Reason::order : message.reason];
    const Duration age = wall - message.created_at;
    if (message.expires_at - wall < (message.expires_at - message.created_at) / 5) {
        ++gauges.near_expiry;
    }
    gauges.oldest_queued_seconds =
        std::max(gauges.oldest_queued_seconds, std::chrono::duration<double>(age).count());
}

void count_open(ScefGauges& gauges, const queueing::Message& message, WallTime wall) {
    ++gauges.messages_by_state[static_cast<std::size_t>(message.state)];
    const bool is_at_scef = message.device_leg == DeviceLeg::net_buffered ||
                            message.device_leg == DeviceLeg::expired_in_flight;
    if (is_at_scef && wall - message.expires_at > report_grace) ++gauges.overdue_reports;
    if (message.state == MessageState::queued) count_queued(gauges, message, wall);
}

}  // namespace

DeviceView Engine::find_device(const ExternalId& id) const { return devices_.view(id); }

DeviceView Engine::find_device(DeviceIndex index) const { return devices_.view(index); }

MessageView Engine::find_message(const MessageId& id) const { return messages_.view(id); }

std::optional<std::size_t> Engine::server_of(queueing::EndpointIndex endpoint) const {
    return devices_.server_of(endpoint);
}

std::vector<DeviceView> Engine::devices(DeviceIndex from, std::size_t limit) const {
    return devices_.page(from, limit);
}

std::vector<DeviceView> Engine::busy_devices(DeviceIndex from, std::size_t limit) const {
    return devices_.page_of_busy(from, limit);
}

std::vector<MessageView> Engine::messages_of(const Device& device) const {
    std::vector<MessageView> list;
    if (!device.activity) return list;
    for (const MessageId& id : device.activity->messages) {
        if (auto message = find_message(id)) list.push_back(std::move(message));
    }
    return list;
}

EngineGauges Engine::gauges(WallTime wall, Instant now) const {
    EngineGauges gauges;
    const DeviceCounts counts = devices_.counts(now);
    gauges.devices = counts.devices;
    gauges.devices_registered = counts.registered;
    gauges.devices_by_hearing = counts.by_hearing;
    gauges.messages_open = messages_.size();
    gauges.bytes_open = bytes_open_;
    gauges.uplinks_open = uplinks_.size();
    gauges.scefs.resize(counts.scefs.size());
    for (std::size_t i = 0; i < counts.scefs.size(); ++i) gauges.scefs[i].devices = counts.scefs[i];
    messages_.for_each(
        [&](const queueing::Message& message) {
            count_open(gauges.scefs[devices_.scef_of(message.device)], message, wall);
        },
        [&](const PackedMessage::Glance& message) {
            ScefGauges& scef = gauges.scefs[message.scef];
            ++scef.messages_by_state[static_cast<std::size_t>(MessageState::queued)];
            count_queued(scef, message, wall);
        });
    return gauges;
}

}  // namespace scef::adapter
