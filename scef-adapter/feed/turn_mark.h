#pragma once

#include <atomic>
#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::adapter {

/// Tells the event feed up to when a shard's events are all out: ids at or after the mark may still
/// come, and an idle shard makes no id before the moment at which it was seen idle. The shard's
/// thread writes, the feed's reads.
class TurnMark {
public:
    static constexpr WallTime idle = WallTime::max();

    /// Before the shard reads the clock for a turn. `floor`: no later than any id of that turn.
    void begin(WallTime floor) noexcept {
        if (read() == idle) set(floor);
    }
    /// The turn's events are known. `oldest`: of the events that are not out; `idle` if all are.
    void set(WallTime oldest) noexcept { mark_.store(oldest.time_since_epoch().count()); }

    WallTime read() const noexcept { return WallTime(Duration(mark_.load())); }

private:
    std::atomic<Duration::rep> mark_{idle.time_since_epoch().count()};
};

}  // namespace scef::adapter
