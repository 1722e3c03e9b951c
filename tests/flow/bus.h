#pragma once

#include <functional>

#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/engine/events.h"

namespace scef::flow {

/// What the model peers see of the world: its time, its chance, and the adapter's entrance.
class Bus {
public:
    virtual ~Bus() = default;
    virtual Instant now() const = 0;
    virtual WallTime wall() const = 0;
    virtual Random& random() = 0;
    /// Calls `what` after a while of virtual time; at once means after all that waits already.
    virtual void after(Duration delay, std::function<void()> what) = 0;
    /// Gives the adapter an event now.
    virtual void deliver(adapter::Event event) = 0;
};

}  // namespace scef::flow
