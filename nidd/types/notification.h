#pragma once

#include <optional>

#include "nidd/types/capability.h"
#include "nidd/types/t8_json.h"

namespace scef::nidd {

/// What the engine decided about a notification; 204 only once its records are on stable storage.
struct NotificationVerdict {
    int status = 204;  ///< 204, 400, 404, 409, 413, 503
    std::optional<Duration> retry_after;
};

/// One well-formed notification with the capability it came under.
struct IncomingNotification {
    Capability capability;
    Notification body;
};

}  // namespace scef::nidd
