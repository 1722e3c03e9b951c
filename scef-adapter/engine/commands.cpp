#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/index_limits.h"
#include "scef-adapter/engine/replacement.h"
#include "scef-adapter/engine/wake.h"

/// What an operator asks for (docs/api.md).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::Reason;

void Engine::reply(ReplyId id, Result<CommandDone> result, Duration retry_after) {
    out_.effects.emplace_back(CommandReply{id, std::move(result), retry_after});
}

void Engine::bind_quota(Device& device) const {
    device.downlink_quota =
        std::make_unique<quota::DirectionQuota>(device.quota->downlink, device.created_at);
    device.uplink_quota =
        std::make_unique<quota::DirectionQuota>(device.quota->uplink, device.created_at);
    if (device.rate_control.is_told() && !device.learned_quota) {
        device.learned_quota = std::make_unique<LearnedQuota>(device.rate_control);
    }
}

/// Turns names into what they stand for; fills in the default server.
Status Engine::resolve(DeviceSpec& spec, Device& device) const {
    const auto profile = config_->profiles.find(spec.profile);
    if (profile == config_->profiles.end()) {
        return fail(Errc::invalid_argument, "profile: there is no profile of that name");
    }
    const auto quota = find_quota(*config_, spec.quota);
    if (!quota) return tl::unexpected<Error>(quota.error());
    if (auto valid = resolve_servers(spec); !valid) return valid;
    const auto scef = scef_serving(*config_, spec.external_id);
    if (!scef) {
        return fail(Errc::invalid_argument, "externalId: no SCEF serves its domain");
    }
    device.profile = &profile->second;
    device.quota = &(*quota)->second;
    device.scef = *scef;
    bind_endpoints(device);
    bind_quota(device);
    return {};
}

void Engine::on_provision(const ProvisionDevice& event) {
    DeviceSpec spec = event.spec;
    if (Device* known = device_named(spec.external_id)) {
        Device probe;
        if (auto valid = resolve(spec, probe); !valid) {
            return reply(event.reply, tl::unexpected<Error>(std::move(valid.error())));
        }
        if (spec == known->spec) {
            return reply(event.reply, CommandDone{CommandDone::Kind::unchanged, {}, 0});
        }
        if (auto valid = check_servers(spec); !valid) {
            return reply(event.reply, tl::unexpected<Error>(std::move(valid.error())));
        }
        if (!event.replace || spec.server != known->spec.server) {
            return reply(event.reply,
                         fail(Errc::conflict,
                              event.replace ? "server: a device keeps its first LwM2M server; "
                                              "remove it and add it again to change that"
                                            : "the device is there already and differs"));
        }
        if (auto free = may_leave(*known, spec); !free) {
            return reply(event.reply, tl::unexpected<Error>(std::move(free.error())));
        }
        replace_spec(*known, std::move(spec));
        return reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
    }
    auto device = std::make_unique<Device>();
    device->created_at = whole_milliseconds(turn_->wall);
    auto valid = resolve(spec, *device);
    if (valid) valid = check_servers(spec);
    if (!valid) return reply(event.reply, tl::unexpected<Error>(std::move(valid.error())));
    if (next_device_ >= device_indexes ||
        next_endpoint_ + config_->lwm2m_servers.size() > endpoint_indexes) {
        return reply(event.reply,
                     fail(Errc::overloaded,
                          "the store has no number left for another device; numbers of removed "
                          "devices are not given again"));
    }
    device->index = next_device_++;
    device->spec = std::move(spec);
    device->nidd.capability = nidd::Capability::make(shard_, device->index, turn_->random);
    const auto random_id = [this] { return static_cast<std::uint16_t>(turn_->random.next()); };
    device->device_message_id = device->device_message_ids_reserved = random_id();
    device->server_message_id = device->server_message_ids_reserved = random_id();
    add_endpoints(*device);
    device->spent_tokens = removed_tokens_.take(device->spec.external_id.text());
    Device& placed = devices_.insert(std::move(device), turn_->random);
    groups_.members.add(placed.index, placed.spec.groups);
    changed(placed);
    reply(event.reply, CommandDone{CommandDone::Kind::created, {}, 0});
    configuration_due(placed);
}

void Engine::replace_spec(Device& device, DeviceSpec spec) {
    const auto time = quota_time();
    const auto downlink = device.downlink_quota->state(time);
    const auto uplink = device.uplink_quota->state(time);
    leave_servers(device, spec);
    groups_.members.remove(device.index, device.spec.groups);
    device.spec = std::move(spec);
    groups_.members.add(device.index, device.spec.groups);
    (void)resolve(device.spec, device);
    device.downlink_quota->restore(downlink, time);
    device.uplink_quota->restore(uplink, time);
    add_endpoints(device);
    changed(device);
    configuration_due(device);
    pump(device);
}

void Engine::on_remove(const RemoveDevice& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    if (device->activity) {
        const std::vector<MessageId> messages = device->activity->messages;
        for (const MessageId& id : messages) {
            Message* message = message_at(id);
            if (message != nullptr && message->device_leg != DeviceLeg::done) {
                cancel_waiting(*device, *message, Reason::device_removed);
            }
            if (message != nullptr && message->is_responding()) {
                close(*device, *message);
            }
        }
        const std::vector<MessageId> uplinks = device->activity->uplinks;
        for (const MessageId& id : uplinks) {
            if (Uplink* uplink = uplink_at(id)) end_uplink(*device, *uplink);
        }
    }
    for (const VirtualEndpoint& endpoint : device->endpoints) {
        server_messages_.erase(server_messages_.lower_bound({endpoint.index, 0}),
                               server_messages_.upper_bound({endpoint.index, 0xffff}));
    }
    if (!device->nidd.configuration_id.empty()) {
        call_t8(*device, Purpose::delete_configuration, {},
                {nidd::T8Request::Operation::delete_configuration, device->nidd.configuration_id,
                 "", ""});
    }
    if (device->activity) {
        const std::vector<KeptAnswer> kept = device->activity->kept_answers;
        for (const KeptAnswer& one : kept) forget_kept_answer(*device, one);
    }
    for (const auto& [token, observation] : device->observations) remember_spent(*device, token);
    for (const coap::Token& token : device->dead_tokens) remember_spent(*device, token);
    for (const VirtualEndpoint& endpoint : device->endpoints) {
        end_observations(*device, endpoint.index);
    }
    removed_tokens_.remember(device->spec.external_id.text(), device->spent_tokens, turn_->wall);
    out_.batch.erase(queueing::RecordKind::device, device_key(device->index));
    out_.batch.erase(queueing::RecordKind::usage, device_key(device->index));
    groups_.members.remove(device->index, device->spec.groups);
    devices_.remove(*device);
    reply(event.reply, CommandDone{});
}

void Engine::on_pause(const PauseDevice& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    if (device->paused != event.paused) {
        device->paused = event.paused;
        changed(*device);
        pump(*device);
    }
    if (!event.paused) authorize_again(*device);
    reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void Engine::on_reachable(const DeviceReachable& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    Wake(*this, *device).open_window(event.remains);
    reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void Engine::on_wake(const WakeDevice& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    Wake(*this, *device)
        .trigger(event.bootstrap ? WakeUp::Kind::bootstrap : WakeUp::Kind::registration_update);
    reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

void Engine::on_cancel(const CancelMessage& event) {
    Message* message = message_at(event.id);
    if (message == nullptr || message->device_leg == DeviceLeg::done) {
        return reply(event.reply, fail(Errc::not_found, "no open message of that id"));
    }
    Device& device = *device_at(message->device);
    switch (message->device_leg) {
        case DeviceLeg::queued:
        case DeviceLeg::retry_wait:
            cancel_waiting(device, *message, Reason::canceled);
            return reply(event.reply, CommandDone{});
        case DeviceLeg::net_buffered:
            if (Replacement(*this, device).is_contested(*message)) {
                return reply(event.reply, fail(Errc::conflict,
                                               "too late: a newer message is "
                                               "taking its place at the SCEF"));
            }
            cancel_buffered(device, *message, Reason::canceled);
            return reply(event.reply, CommandDone{});
        default:
            return reply(event.reply,
                         fail(Errc::conflict, "too late: the message is on its way to the device"));
    }
}

void Engine::on_purge(const PurgeMessages& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    CommandDone done;
    if (device->activity) {
        const std::vector<MessageId> messages = device->activity->messages;
        for (const MessageId& id : messages) {
            Message* message = message_at(id);
            if (message == nullptr) continue;
            if (Replacement(*this, *device).withdraw(*message, Reason::purged)) ++done.affected;
        }
    }
    reply(event.reply, done);
}

}  // namespace scef::adapter
