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

/// A world whose server reads of its device what that has to tell of itself.
struct Learning : World {
    using World::World;
    void read(std::string_view path, Bytes payload, std::uint32_t format) {
        device.answer_payload = std::move(payload);
        device.answer_format = format;
        device_wakes_and_sends("x");
        server.get(path);
        settle();
    }
};

}  // namespace scef::flow
