#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/fan_out.h"
#include "scef-adapter/engine/index_limits.h"
#include "scef-adapter/engine/same_question.h"
#include "scef-adapter/engine/uplink_rules.h"

/// How an engine comes back from its records (docs/life-of-a-message.md, "Restart").
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::Reason;
using queueing::RecordKind;
using queueing::RequestHistory;
using queueing::ServerLeg;

namespace {

/// Tables are as long as the largest index: one that no shard hands out is of a damaged record, and
/// would take all memory.
bool has_small_indexes(const Device& device) {
    return device.index < device_indexes &&
           std::all_of(
               device.endpoints.begin(), device.endpoints.end(),
               [](const VirtualEndpoint& endpoint) { return endpoint.index < endpoint_indexes; });
}

/// Names first, work afterwards: the work may add to the table.
template <typename Table>
std::vector<MessageId> ids_in_order(const Table& table) {
    std::vector<MessageId> ids;
    ids.reserve(table.size());
    for (const auto& [id, object] : table) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace

void Engine::restore(RecordKind kind, ByteView key, ByteView value, Turn& turn) {
    turn_ = &turn;
    quota_clock_.advance(turn);
    bool good = true;
    switch (kind) {
        case RecordKind::shard: {
            queueing::RecordReader reader(value);
            const auto version = reader.number<std::uint8_t>();
            const auto device = reader.number<queueing::DeviceIndex>();
            const auto endpoint = reader.number<queueing::EndpointIndex>();
            if (device > device_indexes || endpoint > endpoint_indexes) {
                good = false;
                break;
            }
            next_device_ = device;
            next_endpoint_ = endpoint;
            ids_reserved_until_ = reader.time();
            ids_from_ = ids_reserved_until_ + std::chrono::milliseconds(1);
            if (version > 1) quota_clock_.restore(reader, turn);
            good = reader.ok();
            break;
        }
        case RecordKind::device:
            good = restore_device(value);
            break;
        case RecordKind::message:
            good = restore_message(value);
            break;
        case RecordKind::uplink:
            good = restore_uplink(value);
            break;
        case RecordKind::observation:
            good = restore_observation(key, value);
            break;
        case RecordKind::kept_answer:
            good = restore_kept_answer(key, value);
            break;
        case RecordKind::usage: {
            queueing::RecordReader reader(key);
            Device* device = device_at(reader.number<queueing::DeviceIndex>());
            good = device != nullptr && restore_usage(*device, value, quota_time());
            break;
        }
        case RecordKind::scope_quota:
        case RecordKind::lease:
        case RecordKind::budget:
        case RecordKind::budget_shard:
            good = scope_quotas_.restore(kind, key, value);
            break;
        case RecordKind::group:
        case RecordKind::group_job:
        case RecordKind::group_part:
        case RecordKind::group_progress:
            good = groups_.restore(kind, key, value);
            break;
        default:
            break;
    }
    if (!good) on_corrupt_record();
    settle();
    turn_ = nullptr;
}

bool Engine::restore_device(ByteView value) {
    auto device = device_from_record(value);
    if (!device || !has_small_indexes(**device) || !resolve((*device)->spec, **device))
        return false;
    Device& placed = devices_.insert(std::move(*device), turn_->random);
    groups_.members.add(placed.index, placed.spec.groups);
    next_device_ = std::max(next_device_, placed.index + 1);
    for (const VirtualEndpoint& endpoint : placed.endpoints) {
        next_endpoint_ = std::max(next_endpoint_, endpoint.index + 1);
    }
    resume_window(placed);
    return true;
}

bool Engine::restore_message(ByteView value) {
    auto message = queueing::message_from_record(value);
    Device* device = message ? device_at(message->device) : nullptr;
    if (device == nullptr) return false;
    last_id_ = std::max(last_id_, message->id);
    const MessageId id = message->id;
    bytes_open_ += message->octets().size();
    device->active().messages.push_back(id);
    messages_.insert(std::make_unique<Message>(std::move(*message)));
    return true;
}

bool Engine::restore_uplink(ByteView value) {
    auto uplink = queueing::uplink_from_record(value);
    Device* device = uplink ? device_at(uplink->device) : nullptr;
    if (device == nullptr) return false;
    last_id_ = std::max(last_id_, uplink->id);
    const MessageId id = uplink->id;
    uplinks_[id] = std::make_unique<Uplink>(std::move(*uplink));
    device->active().uplinks.push_back(id);
    return true;
}

bool Engine::restore_observation(ByteView key, ByteView value) {
    auto observation = observation_from_record(value);
    queueing::RecordReader reader(key);
    Device* device = device_at(reader.number<queueing::DeviceIndex>());
    if (!observation || device == nullptr) return false;
    const coap::Token token = observation->device_token;
    device->observations[token] = std::move(*observation);
    return true;
}

void Engine::restore_final(ByteView value, Turn& turn) {
    auto message = queueing::message_from_record(value);
    if (!message) return;
    last_id_ = std::max(last_id_, message->id);  // also after the clock was set back
    const Instant forget_at =
        turn.now + (message->created_at + coap::exchange_lifetime - turn.wall);
    if (message->settles && forget_at > turn.now) remember_reply(*message, forget_at);
    message->for_each_exchange([&](const queueing::ServerExchange& asker) {
        if (asker.state == ServerLeg::none) return;
        const Instant until = turn.now + (asker.asked_at + coap::exchange_lifetime - turn.wall);
        if (until <= turn.now) return;
        // A separate response answers no retransmission: that gets an empty ACK (D1).
        const auto response = coap::parse(asker.response);
        const bool repeats_it = response && response->message_id == asker.message_id &&
                                response->type != coap::Type::confirmable;
        server_requests_.add(
            RequestHistory::key(asker.endpoint, asker.peer, asker.message_id, asker.datagram_hash),
            until, message->id, repeats_it ? ByteView(asker.response) : ByteView());
    });
}

/// U1 across a restart: what the device was answered.
void Engine::remember_reply(const Message& reply, Instant forget_at) {
    device_requests_.add(device_request_key(reply.device, reply.via, reply.settles->message_id,
                                            reply.settles->content),
                         forget_at, {}, coap::serialize(reply.frame));
}

/// Every open exchange goes on, but none is piggybacked any more: the server may have given up its
/// open request meanwhile, and a separate response tells (coap-exchanges §6).
Effects Engine::start(Turn turn) {
    turn_ = &turn;
    quota_clock_.advance(turn);
    scope_quotas_.start(quota_time());
    for (queueing::DeviceIndex index = 0; index < devices_.end(); ++index) {
        if (Device* device = device_at(index)) complete_endpoints(*device);
        settle();
    }
    for (const MessageId& id : messages_.ids()) {
        resume(*message_at(id));
        settle();
    }
    for (const MessageId& id : ids_in_order(uplinks_)) resume(*uplink_at(id));
    on_time();
    for (queueing::DeviceIndex index = 0; index < devices_.end(); ++index) {
        Device* device = device_at(index);
        if (device == nullptr) continue;
        configuration_due(*device);
        schedule_lifetimes(*device);
        if (device->activity) resume_answers(*device);
        pump(*device);
        release_idle(*device);
        settle();  // never all of them unpacked at once
    }
    FanOut(*this).start();
    on_time();
    return close_turn();
}

void Engine::resume_answers(Device& device) {
    for (const KeptAnswer& one : device.activity->kept_answers) {
        schedule(instant_of(one.forget_at), TimerKind::pump, device.index);
    }
}

/// The window of the last uplink may still be open; a clock that was set back must not stretch it.
void Engine::resume_window(Device& device) {
    const Duration timer =
        device.profile->release_assistance
            ? Duration{}
            : effective_reachability(device.profile->reachability, device.power).active_timer;
    if (device.last_uplink == WallTime{} || device.last_uplink > turn_->wall) return;
    device.reachable_until = whole_milliseconds(instant_of(device.last_uplink) + timer);
}

void Engine::resume(Message& message) {
    Device& device = *device_at(message.device);
    DeviceActivity& active = device.active();
    if (message.kind == queueing::MessageKind::request && message.device_leg != DeviceLeg::done) {
        active.open_by_token[message.frame.token] = message.id;
    }
    if (message.holds_slot) active.in_flight = message.id;
    if (may_change(message)) {
        active.newest_change = std::max(active.newest_change, message.id);
    }
    if (message.settles) {
        remember_reply(message, instant_of(message.created_at + coap::exchange_lifetime));
    }
    message.for_each_exchange(
        [&](ServerExchange& asker) { resume_exchange(device, message, asker); });
    schedule(instant_of(message.expires_at), TimerKind::ttl, device.index, message.id);
    switch (message.device_leg) {
        case DeviceLeg::queued:
        case DeviceLeg::retry_wait:
            if (!message.replaces.empty()) active.replacing.push_back(message.id);
            return enter_queue(device, message);
        case DeviceLeg::submitting:
            return apply(message, DownlinkEvent::doubtful, {.reason = Reason::store_restart});
        case DeviceLeg::net_buffered:
            message.cancel_requested =
                message.reason == Reason::canceled || message.reason == Reason::purged ||
                message.reason == Reason::superseded || message.reason == Reason::deregistered;
            if (message.cancel_requested) return withdraw(device, message);
            return perform(DownlinkAction::reconcile, device, message, {});
        case DeviceLeg::in_doubt:
            return perform(DownlinkAction::reconcile, device, message, {});
        case DeviceLeg::awaiting_answer:
            if (message.state == queueing::MessageState::unconfirmed) return;  // D25 unknown
            return perform(DownlinkAction::await_answer, device, message, {});
        case DeviceLeg::expired_in_flight:
            if (message.is_taking_a_place()) reconcile(device, message);
            return perform(DownlinkAction::linger, device, message, {});
        case DeviceLeg::done:
            return;
    }
}

void Engine::resume_exchange(Device& device, Message& message, ServerExchange& asker) {
    if (asker.state == ServerLeg::none) return;
    if (device.endpoint_of(asker.endpoint) == nullptr) {  // its server is no longer configured
        asker.state = ServerLeg::gone;
        return changed(message);
    }
    if (message.kind == queueing::MessageKind::request) {
        const Duration left = asker.asked_at + coap::exchange_lifetime - turn_->wall;
        server_requests_.add(
            RequestHistory::key(asker.endpoint, asker.peer, asker.message_id, asker.datagram_hash),
            turn_->now + left, message.id);
    }
    if (asker.state == ServerLeg::open) {
        asker.state = ServerLeg::acknowledged;
        changed(message);
    }
    if (asker.state == ServerLeg::acknowledged) expect_answer(device, message, asker);
    if (asker.state == ServerLeg::responding) begin_responding(device, message, asker);
}

void Engine::resume(Uplink& uplink) {
    Device& device = *device_at(uplink.device);
    uplink.held_since = turn_->now;
    const Duration left = uplink.created_at + coap::exchange_lifetime - turn_->wall;
    device_requests_.add(
        device_request_key(uplink.device, uplink.via, uplink.device_message_id, uplink.content),
        turn_->now + left, uplink.id);
    schedule(instant_of(uplink.expires_at), TimerKind::uplink_ttl, device.index, uplink.id);
    if (uplink.kind == queueing::UplinkKind::request &&
        uplink.device_type == coap::Type::confirmable && !uplink.device_acknowledged) {
        schedule(instant_of(uplink.created_at + inside::device_ack_hint), TimerKind::uplink_slow,
                 device.index, uplink.id);
    }
    transmit(device, uplink);
}

}  // namespace scef::adapter
