#pragma once

#include "queueing/message.h"

namespace scef::adapter {

/// As many indexes a shard hands out in the life of its store, since tables are as long as the
/// largest one; those of removed devices are not handed out again.
inline constexpr queueing::DeviceIndex device_indexes = 1U << 25;
inline constexpr queueing::EndpointIndex endpoint_indexes = 4 * device_indexes;

}  // namespace scef::adapter
