#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "simulators/scef-simulator/http_message.h"

namespace scef::scef_simulator {

/// How a product or a release differs from TS 29.122 release 18, as an SCS/AS sees it. Applied
/// where requests come in and answers and notifications go out; the model knows nothing of it.
struct Behaviour {
    std::string_view name;
    bool has_delivery_patch = true;       ///< PATCH of a delivery, from release 17 on
    bool has_rds_ports = true;            ///< the resources `rds-ports`
    bool follows_redirects = true;        ///< 307 and 308 of an SCS/AS, from release 16 on
    bool has_test_notifications = true;   ///< requestTestNotification
    std::uint64_t features = UINT64_MAX;  ///< bits of supportedFeatures that may be common
    bool has_causes = true;  ///< else `SCEF-ERR-<status>-<code>: text` as the problem's detail
    bool has_absolute_links = true;   ///< else `self` and the like begin with the path
    bool has_delivery_status = true;  ///< else that member is called `status`
};

/// Null if there is no such profile.
const Behaviour* behaviour_of(std::string_view name);

/// `3gpp-r15, 3gpp-r18, …`
std::string behaviour_names();

/// The answer to what this SCEF does not have at all.
std::optional<HttpAnswer> refusal_by(const Behaviour& behaviour, const HttpRequest& request);

/// The request without what this SCEF ignores.
HttpRequest heard_by(const Behaviour& behaviour, HttpRequest request);

/// Answer and notification as this SCEF writes them.
HttpAnswer told_by(const Behaviour& behaviour, HttpAnswer answer);
std::string told_by(const Behaviour& behaviour, const std::string& notification);

}  // namespace scef::scef_simulator
