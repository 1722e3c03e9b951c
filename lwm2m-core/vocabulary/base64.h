#pragma once

#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef {

/// Base64 of RFC 4648 4: standard alphabet, padded.
std::string to_base64(ByteView octets);

/// Reads it strictly: no white space, no other alphabet, padding exactly as due, unused bits zero.
Result<Bytes> from_base64(std::string_view text);

/// Base64url without padding (RFC 4648 5), for path segments.
std::string to_base64url(ByteView octets);
Result<Bytes> from_base64url(std::string_view text);

}  // namespace scef
