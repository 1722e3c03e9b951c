#include "scef-adapter/engine/intake.h"

#include <algorithm>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/dead_letter.h"
#include "scef-adapter/engine/replacement.h"

namespace scef::adapter {

using queueing::MessageState;

namespace {

/// All that a repeated API request must say again under the same Idempotency-Key.
std::uint64_t content_of(const EnqueueMessage& event) {
    queueing::RecordWriter writer;
    writer.octets(event.payload)
        .flag(event.opaque)
        .flag(event.ttl.has_value())
        .number(static_cast<std::uint64_t>(event.ttl.value_or(Duration{}).count()))
        .flag(event.not_before.has_value())
        .time(event.not_before.value_or(WallTime{}))
        .number(event.priority)
        .flag(event.attempts_max.has_value())
        .number(event.attempts_max.value_or(0))
        .text(event.correlation_id)
        .flag(event.send_now);
    if (event.takes_every_place || !event.collapse_key.empty()) {  // later than stored hashes
        writer.flag(event.takes_every_place).text(event.collapse_key);
    }
    if (event.ack != queueing::AckMode::full) writer.number(event.ack);
    if (event.rds) writer.number(event.rds->port_ue).number(event.rds->port_scef);
    return stable_hash(writer.take());
}

/// No External Identifier begins so: it does not meet the keys of clients.
std::string replay_scope(const MessageId& ended) { return "\nreplay\n" + ended.text(); }

bool is_of_bootstrap(lwm2m::Operation operation) {
    using lwm2m::Operation;
    return operation == Operation::bootstrap_write || operation == Operation::bootstrap_delete ||
           operation == Operation::bootstrap_finish;
}

/// The collapse key is left out: a newer message with the same key may wait, and counts for more.
EnqueueMessage repetition_of(const ReplayMessage& event, const Device& device) {
    const queueing::Message& ended = event.ended;
    EnqueueMessage again;
    again.external_id = device.spec.external_id;
    again.payload = ended.octets();
    again.opaque = ended.kind == queueing::MessageKind::opaque;
    again.ttl = event.ttl.value_or(ended.expires_at - ended.created_at);
    again.not_before = event.not_before;
    again.priority = event.priority.value_or(ended.priority);
    again.attempts_max = ended.attempts_max;
    again.ack = ended.ack;
    again.correlation_id = ended.correlation_id;
    again.replay_of = ended.id;
    if (ended.via) {
        const VirtualEndpoint* endpoint = device.endpoint_of(*ended.via);
        if (endpoint != nullptr) again.rds = endpoint->rds;
    }
    return again;
}

}  // namespace

void Intake::refuse(ReplyId reply, inside::Refusal refusal) {
    engine_.out_.effects.emplace_back(CommandReply{reply,
                                                   tl::unexpected<Error>(std::move(refusal.error)),
                                                   refusal.retry_after, refusal.quota_scope});
}

tl::expected<Intake::Placed, inside::Refusal> Intake::place(Device& device,
                                                            const EnqueueMessage& event) {
    auto composed = engine_.compose(device, event);
    if (!composed) {
        return tl::unexpected<inside::Refusal>(inside::Refusal{std::move(composed.error())});
    }
    queueing::Message message = std::move(*composed);
    message.replay_of = event.replay_of;
    message.group_message = event.group_message;
    Replacement replacement(engine_, device);
    if (auto refusal = engine_.admit(device, message.octets().size(), event.priority,
                                     replacement.room(message, event.takes_every_place))) {
        if (refusal->error.code == Errc::too_large) ++engine_.counters_.oversize_rejected;
        return tl::unexpected<inside::Refusal>(std::move(*refusal));
    }
    queueing::Message& placed = engine_.enqueue(device, std::move(message));
    return Placed{placed.id, replacement.displace(placed, event.takes_every_place)};
}

void Intake::on_enqueue(const EnqueueMessage& event) {
    Device* device = engine_.device_named(event.external_id);
    if (device == nullptr) {
        return engine_.reply(event.reply, fail(Errc::not_found, "no such device"));
    }
    const std::string scope = event.external_id.text() + '\n' + event.idempotency_key;
    const std::uint64_t content = content_of(event);
    const bool has_key = !event.idempotency_key.empty();
    const WallTime wall = engine_.turn_->wall;
    if (const auto known = has_key ? engine_.idempotency_.find(scope, wall) : std::nullopt) {
        if (known->content != content) {
            return engine_.reply(
                event.reply,
                fail(Errc::key_reused, "this Idempotency-Key came with another body before"));
        }
        ++engine_.counters_.idempotent_repeats;
        return engine_.reply(event.reply,
                             CommandDone{CommandDone::Kind::unchanged, known->message, 0});
    }
    auto placed = place(*device, event);
    if (!placed) return refuse(event.reply, std::move(placed.error()));
    if (has_key) {
        engine_.idempotency_.remember(scope, {placed->id, content}, wall, engine_.out_.batch);
    }
    engine_.reply(event.reply,
                  CommandDone{CommandDone::Kind::created, placed->id, placed->displaced});
    engine_.pump(*device);
}

Status may_be_replayed(const queueing::Message& ended) {
    const auto no = [](const char* why) -> Status { return fail(Errc::conflict, why); };
    switch (ended.state) {
        case MessageState::dead:
        case MessageState::failed:
        case MessageState::expired:
        case MessageState::rejected:
            break;
        case MessageState::delivered:
            return no("the message was delivered");
        case MessageState::canceled:
            return no("the message was canceled; send a new one");
        case MessageState::superseded:
            return no("a newer message took its place");
        case MessageState::unconfirmed:
            return no("the message may have been delivered; send a new one if that does no harm");
        default:
            return no("the message has not ended yet");
    }
    if (ended.is_reply()) return no("it answered a frame of the device, which waits no more");
    if (ended.order_class == queueing::OrderClass::block_continuation) {
        return no("it is one block of a transfer that is over");
    }
    if (is_of_bootstrap(ended.operation)) return no("it is part of a bootstrap that is over");
    return {};
}

/// A request that came twice before the first answer finds the key; one that comes later, or after
/// 24 h, finds what is written into the record of the message that ended.
void Intake::on_replay(const ReplayMessage& event) {
    Device* device = engine_.device_at(event.ended.device);
    const std::string scope = replay_scope(event.ended.id);
    const WallTime wall = engine_.turn_->wall;
    const auto known = engine_.idempotency_.find(scope, wall);
    const MessageId earlier = known ? known->message : event.ended.replayed_as;
    if (!earlier.empty()) {
        return engine_.reply(event.reply, CommandDone{CommandDone::Kind::unchanged, earlier, 0});
    }
    if (auto may = may_be_replayed(event.ended); !may) {
        return engine_.reply(event.reply, tl::unexpected<Error>(std::move(may.error())));
    }
    if (device == nullptr) {
        return engine_.reply(event.reply, fail(Errc::conflict, "its device was removed"));
    }
    auto placed = place(*device, repetition_of(event, *device));
    if (!placed) return refuse(event.reply, std::move(placed.error()));
    queueing::Batch& batch = engine_.out_.batch;
    engine_.idempotency_.remember(scope, {placed->id, 0}, wall, batch);
    queueing::Message ended = event.ended;
    ended.replayed_as = placed->id;
    const auto& key = ended.id.octets();
    batch.put(queueing::RecordKind::final_message, Bytes(key.begin(), key.end()),
              queueing::to_record(ended));
    if (ended.state == MessageState::dead) note_replay(ended, batch);
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::created, placed->id, 0});
    engine_.pump(*device);
}

void Intake::on_change_membership(const ChangeMembership& event) {
    Device* device = engine_.device_named(event.external_id);
    if (device == nullptr) {
        return engine_.reply(event.reply, fail(Errc::not_found, "no such device"));
    }
    DeviceSpec spec = device->spec;
    const auto place = std::find(spec.groups.begin(), spec.groups.end(), event.group);
    const bool is_member = place != spec.groups.end();
    if (is_member == event.is_member) {
        return engine_.reply(event.reply, CommandDone{CommandDone::Kind::unchanged, {}, 0});
    }
    if (is_member) {
        spec.groups.erase(place);
    } else if (spec.groups.size() >= groups_of_device_max) {
        return engine_.reply(event.reply, fail(Errc::conflict,
                                               "the device is in as many groups "
                                               "as it may be"));
    } else {
        spec.groups.push_back(event.group);
        std::sort(spec.groups.begin(), spec.groups.end());
    }
    engine_.replace_spec(*device, std::move(spec));
    engine_.reply(event.reply, CommandDone{CommandDone::Kind::updated, {}, 0});
}

}  // namespace scef::adapter
