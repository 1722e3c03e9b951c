#include "scef-adapter/engine/engine.h"

#include <algorithm>
#include <utility>

#include "queueing/record.h"

namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using queueing::RecordKind;
using queueing::RecordWriter;
using queueing::ServerLeg;

namespace {

/// Requests remembered for 247 s: 25,000 a second over 256 shards (exchanges D1).
constexpr std::size_t request_history_entries = 32'768;
constexpr std::size_t device_history_entries = 32'768;
constexpr std::uint8_t shard_record_version = 1;
constexpr std::uint8_t timeline_version = 1;

Bytes key_of(const MessageId& id) { return {id.octets().begin(), id.octets().end()}; }

}  // namespace

Engine::Engine(ShardId shard, std::shared_ptr<const Config> config)
    : shard_(shard),
      config_(std::move(config)),
      server_requests_(request_history_entries),
      device_requests_(device_history_entries),
      scef_blocked_until_(config_->scefs.size()),
      scef_failures_(config_->scefs.size()) {}

Effects Engine::handle(Event event, Turn turn) {
    turn_ = &turn;
    std::visit(
        [this](const auto& e) {
            using E = std::decay_t<decltype(e)>;
            if constexpr (std::is_same_v<E, ServerDatagram>) on_server_datagram(e);
            if constexpr (std::is_same_v<E, ScefNotification>) on_notification(e);
            if constexpr (std::is_same_v<E, T8Completion>) on_t8(e);
            if constexpr (std::is_same_v<E, TimePassed>) on_time();
            if constexpr (std::is_same_v<E, ProvisionDevice>) on_provision(e);
            if constexpr (std::is_same_v<E, RemoveDevice>) on_remove(e);
            if constexpr (std::is_same_v<E, PauseDevice>) on_pause(e);
            if constexpr (std::is_same_v<E, EnqueueMessage>) on_enqueue(e);
            if constexpr (std::is_same_v<E, CancelMessage>) on_cancel(e);
            if constexpr (std::is_same_v<E, PurgeMessages>) on_purge(e);
        },
        event);
    on_time();
    return close_turn();
}

// ---- Time

Instant Engine::next_deadline() const { return timers_.empty() ? never : timers_.front().due; }

void Engine::schedule(Instant due, TimerKind kind, DeviceIndex device, const MessageId& id) {
    timers_.push_back({due, kind, device, id});
    std::push_heap(timers_.begin(), timers_.end());
}

Instant Engine::instant_of(WallTime time) const { return turn_->now + (time - turn_->wall); }

void Engine::on_time() {
    while (!timers_.empty() && timers_.front().due <= turn_->now) {
        const Timer timer = timers_.front();
        std::pop_heap(timers_.begin(), timers_.end());
        timers_.pop_back();
        fire(timer);
    }
}

/// What ends leaves its timers behind; they are swept out before they outnumber the living.
void Engine::forget_dead_timers() {
    if (timers_.size() < timers_checked_) return;
    std::erase_if(timers_, [this](const Timer& timer) {
        if (timer.kind == TimerKind::pump || timer.kind == TimerKind::configuration) {
            return device_at(timer.device) == nullptr;
        }
        return message_at(timer.id) == nullptr && uplink_at(timer.id) == nullptr;
    });
    std::make_heap(timers_.begin(), timers_.end());
    timers_checked_ = std::max<std::size_t>(1024, timers_.size() * 2);
}

/// Timers are never taken back: each is checked against what its object says now.
void Engine::fire(const Timer& timer) {
    Device* device = device_at(timer.device);
    if (device == nullptr) return;
    if (timer.kind == TimerKind::pump) {
        if (device->activity && device->activity->pump_at == timer.due) {
            device->activity->pump_at = never;
        }
        return pump(*device);
    }
    if (timer.kind == TimerKind::configuration) return configuration_due(*device);

    if (Message* message = message_at(timer.id)) {
        switch (timer.kind) {
            case TimerKind::ack_hold:
                return take_custody(*message);
            case TimerKind::response_copy:
                return response_copy_due(*message, timer.due);
            case TimerKind::answer:
                if (message->answer_due == timer.due) {
                    apply(*message, DownlinkEvent::device_timer, {});
                }
                return;
            case TimerKind::ttl:
                if (turn_->wall < message->expires_at) {
                    return schedule(instant_of(message->expires_at), TimerKind::ttl, timer.device,
                                    timer.id);
                }
                return apply(*message, DownlinkEvent::ttl, {.reason = Reason::ttl});
            case TimerKind::reconcile:
                if (message->cancel_requested) return withdraw(*device, *message);
                if (message->device_leg == DeviceLeg::in_doubt ||
                    message->device_leg == DeviceLeg::net_buffered) {
                    reconcile(*device, *message);
                }
                return;
            case TimerKind::linger:
                return apply(*message, DownlinkEvent::lingered, {});
            case TimerKind::separate_limit:
                if (message->server.state == ServerLeg::acknowledged) {
                    signal_expiry(*device, *message);
                }
                return;
            default:
                return;
        }
    }
    if (Uplink* uplink = uplink_at(timer.id)) {
        switch (timer.kind) {
            case TimerKind::uplink_copy:
                return uplink_copy_due(*uplink, timer.due);
            case TimerKind::uplink_retry:
                if (uplink->state == queueing::UplinkState::waiting &&
                    uplink->retry_at == timer.due) {
                    transmit(*device, *uplink);
                }
                return;
            case TimerKind::uplink_sent:
                return end_uplink(*device, *uplink);
            case TimerKind::uplink_slow:
                return acknowledge_slow(*device, *uplink);
            case TimerKind::uplink_ttl:
                if (turn_->wall < uplink->expires_at) {
                    return schedule(instant_of(uplink->expires_at), TimerKind::uplink_ttl,
                                    timer.device, timer.id);
                }
                ++counters_.uplinks_unanswered;
                return end_uplink(*device, *uplink);
            default:
                return;
        }
    }
}

// ---- T8 calls

void Engine::call_t8(Device& device, Purpose purpose, const MessageId& message,
                     nidd::T8Request request) {
    const OperationId id = next_operation_++;
    operations_.emplace(
        id, Operation{purpose, device.index, message, device.scef, device.nidd.configuration_id});
    out_.effects.emplace_back(CallT8{id, device.scef, std::move(request)});
}

void Engine::on_t8(const T8Completion& event) {
    const auto found = operations_.find(event.operation);
    if (found == operations_.end()) return;
    const Operation operation = found->second;
    operations_.erase(found);
    Device* device = device_at(operation.device);
    if (operation.purpose == Purpose::create_configuration) --configurations_open_;
    if (device == nullptr) {
        if (operation.purpose == Purpose::create_configuration) {
            withdraw_configuration(operation, event.answer);
        }
        return create_waiting_configurations();
    }
    Message* message = message_at(operation.message);
    switch (operation.purpose) {
        case Purpose::create_configuration:
            return on_configuration_created(*device, event.answer);
        case Purpose::renew_configuration:
            return on_configuration_renewed(*device, event.answer);
        case Purpose::delete_configuration:
            return;
        case Purpose::reconcile:
            return on_reconciled(*device, event.answer, event.operation, operation);
        case Purpose::delivery:
            if (message == nullptr || message->device_leg == DeviceLeg::done) {
                return withdraw_orphan(*device, event.answer, operation);
            }
            return on_delivery_answer(*message, event.answer, operation.configuration_id);
        case Purpose::withdraw:
            if (message != nullptr) on_withdrawn(*message, event.answer);
            return;
    }
}

// ---- Tables

Device* Engine::device_at(DeviceIndex index) {
    return index < devices_.size() ? devices_[index].get() : nullptr;
}

Device* Engine::device_named(const ExternalId& id) {
    const auto found = device_by_id_.find(id.text());
    return found == device_by_id_.end() ? nullptr : device_at(found->second);
}

Device* Engine::device_with_endpoint(queueing::EndpointIndex endpoint) {
    const auto found = device_by_endpoint_.find(endpoint);
    return found == device_by_endpoint_.end() ? nullptr : device_at(found->second);
}

Engine::Message* Engine::message_at(const MessageId& id) {
    const auto found = messages_.find(id);
    return found == messages_.end() ? nullptr : found->second.get();
}

Engine::Uplink* Engine::uplink_at(const MessageId& id) {
    const auto found = uplinks_.find(id);
    return found == uplinks_.end() ? nullptr : found->second.get();
}

MessageId Engine::make_id() {
    MessageId id = MessageId::make(shard_, *turn_);
    if (id <= last_id_) id = last_id_.next();
    last_id_ = id;
    return id;
}

// ---- Queries

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
        if (device->registration) ++gauges.devices_registered;
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

// ---- End of a turn

void Engine::changed(Device& device) {
    if (std::exchange(device.dirty, true)) return;
    changed_devices_.push_back(device.index);
}

void Engine::changed(Message& message) {
    if (std::exchange(message.changed, true)) return;
    changed_messages_.push_back(message.id);
}

void Engine::changed(Uplink& uplink) {
    if (std::exchange(uplink.changed, true)) return;
    changed_uplinks_.push_back(uplink.id);
}

void Engine::usage_changed(Device& device) {
    if (std::exchange(device.usage_dirty, true)) return;
    if (!device.dirty) changed_devices_.push_back(device.index);
}

void Engine::log(LogLine::Level level, std::string_view id, std::string text) {
    out_.effects.emplace_back(LogLine{level, id, std::move(text)});
}

void Engine::write_timeline(Message& message, std::string_view detail) {
    Bytes key = RecordWriter().raw(message.id.octets()).number(message.timeline_length++).take();
    out_.batch.put(RecordKind::timeline, std::move(key),
                   RecordWriter(timeline_version)
                       .time(turn_->wall)
                       .number(message.state)
                       .number(message.device_leg)
                       .number(message.level)
                       .number(message.reason)
                       .number(message.attempts)
                       .text(detail)
                       .take());
    changed(message);
}

void Engine::write_shard_record() {
    out_.batch.put(
        RecordKind::shard, {},
        RecordWriter(shard_record_version).number(next_device_).number(next_endpoint_).take());
}

/// An idle device keeps nothing but itself: memory is paid by those that are busy.
void Engine::release_idle(Device& device) {
    if (!device.activity) return;
    const DeviceActivity& active = *device.activity;
    const bool late =
        !active.late_answers.empty() && active.late_answers.back().forget_at > turn_->now;
    if (active.messages.empty() && active.uplinks.empty() && !late &&
        active.throttled_until <= turn_->now && active.reconcile_open == 0) {
        device.activity.reset();
    }
}

void Engine::write_ended() {
    for (const auto& message : ended_messages_) {
        out_.batch.erase(RecordKind::message, key_of(message->id));
        out_.batch.put(RecordKind::final_message, key_of(message->id),
                       queueing::to_record(*message));
    }
    for (const auto& uplink : ended_uplinks_) {
        out_.batch.erase(RecordKind::uplink, key_of(uplink->id));
    }
    ended_messages_.clear();
    ended_uplinks_.clear();
}

Effects Engine::close_turn() {
    out_.batch.shard = shard_;
    write_ended();
    for (const MessageId& id : changed_messages_) {
        if (Message* message = message_at(id)) {
            message->changed = false;
            out_.batch.put(RecordKind::message, key_of(id), queueing::to_record(*message));
        }
    }
    for (const MessageId& id : changed_uplinks_) {
        if (Uplink* uplink = uplink_at(id)) {
            uplink->changed = false;
            out_.batch.put(RecordKind::uplink, key_of(id), queueing::to_record(*uplink));
        }
    }
    for (const DeviceIndex index : changed_devices_) {
        Device* device = device_at(index);
        if (device == nullptr) continue;
        if (std::exchange(device->dirty, false)) {
            out_.batch.put(RecordKind::device, device_key(index), to_record(*device));
        }
        if (std::exchange(device->usage_dirty, false)) {
            out_.batch.put(RecordKind::usage, device_key(index), usage_record(*device, *turn_));
        }
    }
    for (const DeviceIndex index : visited_) {
        if (Device* device = device_at(index)) release_idle(*device);
    }
    forget_dead_timers();
    changed_messages_.clear();
    changed_uplinks_.clear();
    changed_devices_.clear();
    visited_.clear();
    removed_devices_.clear();
    turn_ = nullptr;
    return std::exchange(out_, Effects{});
}

}  // namespace scef::adapter
