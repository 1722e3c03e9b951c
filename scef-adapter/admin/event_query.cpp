#include "scef-adapter/admin/event_query.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::adapter {

bool is_event_type(std::string_view type) {
    constexpr std::array<std::string_view, 4> known{"message", "registration", "configuration",
                                                    "uplink"};
    return std::find(known.begin(), known.end(), type) != known.end();
}

Result<MessageId> position_since(const std::string& text, WallTime now) {
    if (const auto time = from_rfc3339(text)) return MessageId::floor(*time);
    if (const auto age = parse_duration(text)) return MessageId::floor(now - *age);
    return fail(Errc::invalid_argument,
                "since: a date-time of RFC 3339 such as 2030-01-31T12:00:00Z, or how long ago, "
                "such as 10m");
}

}  // namespace scef::adapter
