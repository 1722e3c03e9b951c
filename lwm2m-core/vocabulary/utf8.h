#pragma once

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {

/// True if the octets are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(ByteView octets);

}  // namespace scef
