#pragma once

#include <cstdint>
#include <string>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::coap {

/// What a summary shows of a payload: a short text as it is, or the size only.
enum class Payload : std::uint8_t { text, size };

/// One line for people: `CON GET /3/0 mid=4711 token=5a01`, with options that matter and the size
/// of the payload; `17 octets, no CoAP` for anything else.
std::string summary(ByteView frame, Payload shown = Payload::text);

}  // namespace scef::coap
