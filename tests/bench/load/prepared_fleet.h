#pragma once

#include <cstddef>
#include <string>

#include "lwm2m-core/vocabulary/result.h"
#include "tests/bench/load/fleet.h"

namespace scef::bench {

/// Fills the store of an adapter that has not started yet, through its own engines, as if the
/// devices had been added and the messages sent by the API: devices of profile `always-on` with an
/// active configuration, and so many messages that are not to be sent before tomorrow, one for each
/// device in turn but the first `spared_devices`. `fleet` learns all of the devices.
/// `configuration`: the adapter's file.
Status prepare_fleet(const std::string& configuration, Fleet& fleet, std::size_t devices,
                     std::size_t queued);

inline constexpr std::size_t spared_devices = 1000;

}  // namespace scef::bench
