#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/external_id.h"
#include "scef-adapter/engine/events.h"

namespace scef::adapter {

/// The provisioning object of the API: `externalId`, `profile`, `quota`, `server`, `servers`,
/// `endpoint`, `mode`, `groups`. `named` is the External Identifier of the path, if it has one: the
/// member may then be absent but not differ. Whether profile, quota and server exist is the
/// engine's to say.
Result<DeviceSpec> device_from_body(const nlohmann::json& body,
                                    const std::optional<ExternalId>& named = std::nullopt);

}  // namespace scef::adapter
