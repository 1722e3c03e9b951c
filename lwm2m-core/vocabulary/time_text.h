#pragma once

#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef {

/// `2026-11-22T14:37:20.123Z` (RFC 3339, always UTC, milliseconds).
std::string to_rfc3339(WallTime time);

/// Reads an RFC 3339 date-time with any offset, fraction optional, years 1970 to 2200, leap second
/// :60 taken as :59. `malformed` otherwise.
Result<WallTime> from_rfc3339(std::string_view text);

/// Reads `500ms`, `20s`, `10m`, `24h`, `7d`, or an ISO 8601 duration of days, hours, minutes and
/// seconds such as `PT24H`, `P1DT12H`, `PT0.5S`. No sign, no blank, at most 10 years.
Result<Duration> parse_duration(std::string_view text);

/// The plainest of those forms without loss: `90s`, `10m`, `24h`, `7d`, `500ms`; days from two on,
/// and `PT0.0005S` for what no millisecond holds.
std::string to_text(Duration duration);

/// Value of an HTTP Date (RFC 9110 5.6.7), as IMF-fixdate only. `malformed` otherwise.
Result<WallTime> from_http_date(std::string_view text);

/// Value of an HTTP Retry-After (RFC 9110 10.2.3): seconds, or an IMF-fixdate as the time left from
/// `now`. Never negative, at most 10 years; what it cannot read is an error.
Result<Duration> parse_retry_after(std::string_view text, WallTime now);

}  // namespace scef
