#pragma once

#include <cstdint>

#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::client {

/// Whole seconds since the epoch.
std::int64_t unix_seconds(WallTime wall);

/// Current Time (/3/0/13): the wall clock, moved to where a server has set it.
class DeviceClock {
public:
    /// Brings the resource up to date.
    void refresh(ObjectModel& model, WallTime wall) const;
    /// A server has written the resource.
    void on_written(const ObjectModel& model, WallTime wall);

private:
    Duration offset_{};
};

}  // namespace scef::client
