#pragma once

#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"

/// Times for people: their own clock, and how long ago that is. Pure but for the time zone (TZ).
namespace scef::ctl {

/// A date-time of the API (RFC 3339) as `2026-11-30 18:02:11` in the local time zone; what is none
/// as it is.
std::string local_time(std::string_view text);

/// `2026-11-30 18:02:11 (3 min ago)`, `(in 23 h)`, `(now)`.
std::string local_time_and_age(std::string_view text, WallTime now);

/// `850 ms`, `12 s`, `3 min`, `5 h`, `9 d`: one unit, rounded down.
std::string span_text(Duration span);

/// How long the later one is after the earlier one: `+12 s`; empty if either is no time.
std::string span_between(std::string_view earlier, std::string_view later);

}  // namespace scef::ctl
