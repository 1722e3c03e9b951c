#pragma once

#include <nlohmann/json.hpp>

#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/engine/events.h"

namespace scef::adapter {

/// A message as the API takes it (docs/api.md): `payload` (base64, required), `contentFormat`,
/// `ttl` (duration text or seconds), `notBefore`, `priority`, `maxAttempts`, `correlationId`,
/// `collapseKey`, `sendMode`, `rds`, `ack`. `wall` is now, to refuse a `notBefore` that the TTL
/// does not reach.
Result<EnqueueMessage> message_from_body(const nlohmann::json& body, WallTime wall);

/// The same with the device as a further member, `externalId`.
Result<EnqueueMessage> message_with_device(nlohmann::json body, WallTime wall);

/// The members of it that may be other in a repetition: when, and how urgent.
struct MessageTiming {
    std::optional<Duration> ttl;
    std::optional<WallTime> not_before;
};
MessageTiming read_timing(BodyReader& reader, WallTime wall);
std::optional<queueing::Priority> read_priority(BodyReader& reader);

/// Value of the Idempotency-Key header: 1 to 128 visible ASCII characters, blanks inside allowed.
Result<std::string> idempotency_key(std::string_view header);

}  // namespace scef::adapter
