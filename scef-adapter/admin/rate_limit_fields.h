#pragma once

#include <string_view>

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/engine/device.h"

/// The fields `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers, structured
/// fields of RFC 9651), by which a client can slow down before it is refused.
namespace scef::adapter {

/// The downlink limits of a device itself, its own and what it told of the network's, as far as a
/// message of that priority may use them:
/// `"downlink-messages";q=100;w=3600` and `"downlink-messages";r=0;t=812`. Nothing if it has none.
/// `t` is when all of a limit is there again or, if nothing is left, when something is.
HeaderFields rate_limit_fields(const Device& device, const quota::QuotaTime& time,
                               queueing::Priority priority);

/// Of a shared scope, which is used up for so long: `"scef:operator-a";r=0;t=48`.
HeaderFields rate_limit_fields(std::string_view scope, Duration wait);

}  // namespace scef::adapter
