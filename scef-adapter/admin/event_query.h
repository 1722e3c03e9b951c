#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::adapter {

/// What the types of events are called.
bool is_event_type(std::string_view type);
inline constexpr std::string_view event_types_text =
    "message, registration, configuration, uplink";

/// The position just before the first event of that time: a date-time of RFC 3339, or how long ago.
Result<MessageId> position_since(const std::string& text, WallTime now);

}  // namespace scef::adapter
