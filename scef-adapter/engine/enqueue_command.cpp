#include <utility>

#include "queueing/record.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/engine/replacement.h"

/// A message from the API into the device's queue, once per Idempotency-Key (docs/api.md).
namespace scef::adapter {

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
    return stable_hash(writer.take());
}

}  // namespace

void Engine::on_enqueue(const EnqueueMessage& event) {
    Device* device = device_named(event.external_id);
    if (device == nullptr) return reply(event.reply, fail(Errc::not_found, "no such device"));
    const std::string scope = event.external_id.text() + '\n' + event.idempotency_key;
    const std::uint64_t content = content_of(event);
    const bool has_key = !event.idempotency_key.empty();
    if (const auto known = has_key ? idempotency_.find(scope, turn_->wall) : std::nullopt) {
        if (known->content != content) {
            return reply(event.reply, fail(Errc::key_reused,
                                           "this Idempotency-Key came with another body before"));
        }
        ++counters_.idempotent_repeats;
        return reply(event.reply, CommandDone{CommandDone::Kind::unchanged, known->message, 0});
    }
    auto composed = compose(*device, event);
    if (!composed) return reply(event.reply, tl::unexpected<Error>(std::move(composed.error())));
    Message message = std::move(*composed);
    Replacement replacement(*this, *device);
    if (auto refusal = admit(*device, message.octets().size(), event.priority,
                             replacement.room(message, event.takes_every_place))) {
        if (refusal->error.code == Errc::too_large) ++counters_.oversize_rejected;
        out_.effects.emplace_back(CommandReply{event.reply,
                                               tl::unexpected<Error>(std::move(refusal->error)),
                                               refusal->retry_after, refusal->quota_scope});
        return;
    }
    Message& placed = enqueue(*device, std::move(message));
    if (has_key) idempotency_.remember(scope, {placed.id, content}, turn_->wall, out_.batch);
    const std::uint64_t displaced = replacement.displace(placed, event.takes_every_place);
    reply(event.reply, CommandDone{CommandDone::Kind::created, placed.id, displaced});
    pump(*device);
}

}  // namespace scef::adapter
