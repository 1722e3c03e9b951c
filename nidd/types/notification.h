#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "nidd/types/capability.h"
#include "nidd/types/t8_json.h"

namespace scef::nidd {

/// What a notification that is answered 404 named that is not there. The caller is not told which.
enum class Unknown : std::uint8_t {
    capability,     ///< nobody's: the caller has no right to speak
    configuration,  ///< or External Identifier, that is not the capability's device's
    transfer,       ///< a delivery that the device does not wait for
};
constexpr std::size_t unknown_kinds = 3;

constexpr std::string_view name_of(Unknown kind) {
    switch (kind) {
        case Unknown::capability:
            return "capability";
        case Unknown::configuration:
            return "configuration";
        case Unknown::transfer:
            return "transfer";
    }
    return "";
}

/// What the engine decided about a notification; 204 only once its records are on stable storage.
struct NotificationVerdict {
    int status = 204;  ///< 204, 400, 404, 409, 413, 503
    std::optional<Duration> retry_after;
    Unknown unknown = Unknown::capability;  ///< with 404

    static NotificationVerdict not_found(Unknown kind) { return {404, std::nullopt, kind}; }
};

/// One well-formed notification with the capability it came under.
struct IncomingNotification {
    Capability capability;
    Notification body;
};

}  // namespace scef::nidd
