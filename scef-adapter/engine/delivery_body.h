#pragma once

#include <string>

#include "scef-adapter/config/config.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// A message as the `NiddDownlinkDataTransfer` of a POST or PUT (TS 29.122 5.6.2.1.3), in JSON.
/// `maximumLatency` is what is left of its TTL, in whole seconds. Pure.
std::string delivery_body(const Config& config, const Device& device,
                          const queueing::Message& message, WallTime wall);

}  // namespace scef::adapter
