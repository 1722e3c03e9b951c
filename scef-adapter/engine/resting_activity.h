#pragma once

#include <memory>

#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// Whether all that goes on at a device is that a few messages wait for it: nothing is in flight,
/// asked for or about to be repeated. Then the device is packed with `packed_activity`.
bool may_rest(const DeviceActivity& activity);

/// The activity may rest. Deadlines that are over at `now` are left out.
Bytes packed_activity(const DeviceActivity& activity, Instant now);
std::unique_ptr<DeviceActivity> unpacked_activity(ByteView octets);

}  // namespace scef::adapter
