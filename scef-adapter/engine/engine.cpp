#include "scef-adapter/engine/engine.h"

#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/configuration_switch.h"
#include "scef-adapter/engine/dead_letter.h"
#include "scef-adapter/engine/fan_out.h"
#include "scef-adapter/engine/intake.h"
#include "scef-adapter/engine/replacement.h"
#include "scef-adapter/engine/wake.h"

namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::DeviceLeg;
using queueing::MessageState;
using queueing::Reason;
using queueing::RecordKind;
using queueing::RecordWriter;
using queueing::ServerLeg;

namespace {

/// Requests remembered for 247 s: 25,000 a second over all shards, each with an answer (D1, U1).
/// One endpoint or device alone may take a hundred of them.
constexpr std::size_t history_octets = std::size_t{25'000} * 247 * 90;
constexpr std::size_t history_octets_of_one = 9'000;
constexpr std::uint8_t shard_record_version = 2;  ///< 1: without the quota clock
/// No id of before a restart is given again, whatever the clock says then: a high-water mark is
/// stored, so much ahead.
constexpr Duration id_stride = std::chrono::seconds(5);
constexpr std::uint8_t timeline_version = 1;

Bytes key_of(const MessageId& id) { return {id.octets().begin(), id.octets().end()}; }

}  // namespace

Engine::Engine(ShardId shard, std::shared_ptr<const Config> config)
    : shard_(shard),
      config_(std::move(config)),
      devices_(config_),
      server_requests_({history_octets_of_one, history_octets / config_->shards}),
      device_requests_({history_octets_of_one, history_octets / config_->shards}),
      scef_blocked_until_(config_->scefs.size()),
      scef_failures_(config_->scefs.size()),
      scope_quotas_(shard_, config_),
      usage_ledger_(config_->usage.ledger) {
    counters_.scefs.resize(config_->scefs.size());
}

Effects Engine::handle(Event event, Turn turn) {
    turn_ = &turn;
    quota_clock_.advance(turn);
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
            if constexpr (std::is_same_v<E, DeviceReachable>) on_reachable(e);
            if constexpr (std::is_same_v<E, WakeDevice>) on_wake(e);
            if constexpr (std::is_same_v<E, ConfigurationsListed>) on_configurations_listed(e);
            if constexpr (std::is_same_v<E, EnqueueMessage>) Intake(*this).on_enqueue(e);
            if constexpr (std::is_same_v<E, ReplayMessage>) Intake(*this).on_replay(e);
            if constexpr (std::is_same_v<E, CancelMessage>) on_cancel(e);
            if constexpr (std::is_same_v<E, PurgeMessages>) on_purge(e);
            if constexpr (std::is_same_v<E, LeaseWord>) on_lease_word(e);
            if constexpr (std::is_same_v<E, SetQuota>) on_set_quota(e);
            if constexpr (std::is_same_v<E, DryRunMessage>) on_dry_run(e);
            if constexpr (std::is_same_v<E, ChangeMembership>) {
                Intake(*this).on_change_membership(e);
            }
            if constexpr (std::is_same_v<E, SetGroup>) FanOut(*this).on_set_group(e);
            if constexpr (std::is_same_v<E, SendToGroup>) FanOut(*this).on_send(e);
            if constexpr (std::is_same_v<E, CancelGroupMessage>) FanOut(*this).on_cancel(e);
            if constexpr (std::is_same_v<E, GroupWord>) FanOut(*this).on_word(e);
            if constexpr (std::is_same_v<E, ConfigurationChanged>) {
                ConfigurationSwitch(*this).apply(e);
            }
        },
        event);
    on_time();
    return close_turn();
}

// ---- T8 calls

void Engine::call_t8(Device& device, Purpose purpose, const MessageId& message,
                     nidd::T8Request request) {
    const OperationId id = next_operation_++;
    operations_.emplace(id, Operation{purpose, device.index, message, device.scef,
                                      device.nidd.configuration_id, request.transfer_id});
    out_.effects.emplace_back(CallT8{id, device.scef, std::move(request), device.index});
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
        case Purpose::read_configuration:
            return on_configuration_read(*device, event.answer, operation.configuration_id);
        case Purpose::trigger:
            return Wake(*this, *device).on_trigger_answer(event.answer);
        case Purpose::watch:
            return Wake(*this, *device).on_watch_answer(event.answer);
        case Purpose::replace:
            return Replacement(*this, *device).on_put(event.answer, operation);
        case Purpose::read_replaced:
            return Replacement(*this, *device).on_read(event.answer, operation);
        case Purpose::withdraw:
            if (message != nullptr) on_withdrawn(*message, event.answer);
            return;
    }
}

// ---- Tables

Device* Engine::device_at(DeviceIndex index) { return devices_.find(index); }

Device* Engine::device_named(const ExternalId& id) { return devices_.find(id); }

Device* Engine::device_with_endpoint(queueing::EndpointIndex endpoint) {
    return devices_.find_by_endpoint(endpoint);
}

Engine::Message* Engine::message_at(const MessageId& id) { return messages_.find(id); }

Engine::Uplink* Engine::uplink_at(const MessageId& id) {
    const auto found = uplinks_.find(id);
    return found == uplinks_.end() ? nullptr : found->second.get();
}

MessageId Engine::make_id() {
    const WallTime wall = std::max(turn_->wall, ids_from_);
    MessageId id = MessageId::make(shard_, {turn_->now, wall, turn_->random});
    if (id <= last_id_) id = last_id_.next();
    last_id_ = id;
    if (ids_reserved_until_ < id.created_at()) {
        ids_reserved_until_ = id.created_at() + id_stride;
        write_shard_record();
    }
    return id;
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
    RecordWriter record(shard_record_version);
    record.number(next_device_).number(next_endpoint_).time(ids_reserved_until_);
    quota_clock_.store(record, turn_->now);
    out_.batch.put(RecordKind::shard, {}, record.take());
}

/// An idle device keeps nothing but itself, and that packed: memory is paid by those that are busy.
void Engine::release_idle(Device& device) {
    if (!device.activity) return;
    const DeviceActivity& active = *device.activity;
    const bool late =
        !active.late_answers.empty() && active.late_answers.back().forget_at > turn_->now;
    if (active.messages.empty() && active.uplinks.empty() && !late && active.kept_answers.empty() &&
        active.throttled_until <= turn_->now && active.reconcile_open == 0) {
        device.activity.reset();
    }
}

/// What only waits is packed, and no reference to it is good any more.
void Engine::settle() {
    messages_.settle([this](DeviceIndex index) { return devices_.scef_of(index); });
    devices_.settle(turn_->now);
}

void Engine::write_ended() {
    for (const auto& message : ended_messages_) {
        out_.batch.erase(RecordKind::message, key_of(message->id));
        out_.batch.put(RecordKind::final_message, key_of(message->id),
                       queueing::to_record(*message));
        if (message->state == MessageState::dead && !message->is_reply()) {
            const Device* device = device_at(message->device);
            bury(*message, device != nullptr ? device->spec.external_id.text() : "", turn_->wall,
                 out_.batch);
        }
        if (!message->group_message.empty()) note_member_end(*message, turn_->wall, out_.batch);
    }
    for (const auto& uplink : ended_uplinks_) {
        out_.batch.erase(RecordKind::uplink, key_of(uplink->id));
    }
    ended_messages_.clear();
    ended_uplinks_.clear();
}

Effects Engine::close_turn() {
    out_.batch.shard = shard_;
    scope_quotas_.close_turn(quota_time(), out_);
    write_ended();
    usage_ledger_.write(out_.batch, *turn_);
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
    bool is_charged = false;
    for (const DeviceIndex index : changed_devices_) {
        Device* device = device_at(index);
        if (device == nullptr) continue;
        if (std::exchange(device->dirty, false)) {
            out_.batch.put(RecordKind::device, device_key(index), to_record(*device));
        }
        if (std::exchange(device->usage_dirty, false)) {
            out_.batch.put(RecordKind::usage, device_key(index),
                           usage_record(*device, quota_time()));
            is_charged = true;
        }
    }
    if (quota_clock_.is_due(turn_->now, is_charged)) write_shard_record();
    devices_.for_each_found([this](Device& device) { release_idle(device); });
    forget_dead_timers();
    changed_messages_.clear();
    changed_uplinks_.clear();
    changed_devices_.clear();
    settle();
    turn_ = nullptr;
    return std::exchange(out_, Effects{});
}

}  // namespace scef::adapter
