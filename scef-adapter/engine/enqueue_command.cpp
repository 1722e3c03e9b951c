#include <algorithm>
#include <array>
#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"

/// A message from the API into the device's queue, once per Idempotency-Key (docs/api.md).
namespace scef::adapter {

using queueing::MessageKind;
using queueing::OrderClass;
using queueing::Priority;

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
    return stable_hash(writer.take());
}

}  // namespace

void Engine::on_enqueue(const EnqueueMessage& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    const std::string scope = event.external_id.text() + '\n' + event.idempotency_key;
    const std::uint64_t content = content_of(event);
    if (const auto known = idempotency_.find(scope);
        !event.idempotency_key.empty() && known != idempotency_.end() &&
        known->second.message.created_at() + inside::idempotency_life > turn_->wall) {
        if (known->second.content != content) {
            return reply(event.reply, fail(Errc::key_reused,
                                           "this Idempotency-Key came with another body before"));
        }
        return reply(event.reply,
                     CommandDone{CommandDone::Kind::unchanged, known->second.message, 0});
    }
    auto composed = compose(*device, event);
    if (!composed) return reply(event.reply, tl::unexpected<Error>(std::move(composed.error())));
    Message message = std::move(*composed);
    Duration retry_after{};
    if (auto refusal = admit(*device, message.octets().size(), event.priority, retry_after)) {
        return reply(event.reply, tl::unexpected<Error>(std::move(*refusal)), retry_after);
    }
    const Message& placed = enqueue(*device, std::move(message));
    if (!event.idempotency_key.empty()) {
        remember_idempotency(scope, {placed.id, content});
    }
    reply(event.reply, CommandDone{CommandDone::Kind::created, placed.id, 0});
    pump(*device);
}

void Engine::remember_idempotency(const std::string& scope, IdempotentEnqueue enqueue) {
    const WallTime horizon = turn_->wall - inside::idempotency_life;
    if (idempotency_.size() % 1024 == 1023) {
        std::erase_if(idempotency_, [&](const auto& entry) {
            return entry.second.message.created_at() < horizon;
        });
    }
    idempotency_[scope] = enqueue;
    const auto& octets = enqueue.message.octets();
    out_.batch.put(queueing::RecordKind::idempotency, Bytes(octets.begin(), octets.end()),
                   queueing::RecordWriter(1).text(scope).number(enqueue.content).take());
}

void Engine::restore_idempotency(ByteView key, ByteView value) {
    queueing::RecordReader reader(value);
    const bool known = reader.number<std::uint8_t>() == 1;
    const std::string scope = reader.text();
    const auto content = reader.number<std::uint64_t>();
    if (!known || !reader.ok() || key.size() != 16) return on_corrupt_record();
    std::array<std::uint8_t, 16> octets{};
    std::copy(key.begin(), key.end(), octets.begin());
    idempotency_[scope] = {MessageId::from_octets(octets), content};
}

}  // namespace scef::adapter
