#pragma once

#include <nlohmann/json.hpp>

#include "scef-adapter/engine/events.h"

namespace scef::adapter {

/// A message as the API takes it (docs/api.md): `payload` (base64, required), `contentFormat`,
/// `ttl` (duration text or seconds), `notBefore`, `priority`, `maxAttempts`, `correlationId`,
/// `collapseKey`, `sendMode`. `ack` and `rds` are refused as not supported. `wall` is now, to
/// refuse a `notBefore` that the TTL does not reach.
Result<EnqueueMessage> message_from_body(const nlohmann::json& body, WallTime wall);

/// Value of the Idempotency-Key header: 1 to 128 visible ASCII characters, blanks inside allowed.
Result<std::string> idempotency_key(std::string_view header);

}  // namespace scef::adapter
