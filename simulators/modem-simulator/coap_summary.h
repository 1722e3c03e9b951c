#pragma once

#include <string>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::modem_simulator {

/// One line for people: `CON GET /3/0 mid=4711 token=5a01`, with options that matter and the size
/// of the payload; `17 octets, no CoAP` for anything else.
std::string coap_summary(ByteView frame);

}  // namespace scef::modem_simulator
