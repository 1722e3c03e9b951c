#pragma once

#include "tests/flow/world.h"

namespace scef::flow {

/// A world whose device sleeps from the start.
struct Asleep : World {
    Asleep() { device_sleeps(); }
};

/// A world whose device's window is open.
struct Awake : World {
    Awake() { device_wakes_and_sends("hello"); }
};

}  // namespace scef::flow
