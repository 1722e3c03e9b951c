#include "lwm2m-core/client/device_clock.h"

#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

const Path current_time(ids::device, 0, 13);

}  // namespace

std::int64_t unix_seconds(WallTime wall) {
    return std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count();
}

void DeviceClock::refresh(ObjectModel& model, WallTime wall) const {
    (void)model.set(current_time, unix_seconds(wall + offset_));
}

void DeviceClock::on_written(const ObjectModel& model, WallTime wall) {
    // A clock further off would leave the range of the project's times.
    constexpr std::int64_t most = 200LL * 366 * 24 * 3600;
    const std::int64_t set = integer_at(model, current_time);
    if (set < 0 || set > most) return;
    offset_ = std::chrono::seconds(set - unix_seconds(wall));
}

}  // namespace scef::client
