#pragma once

#include <cstdint>
#include <memory>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// The ports on which the simulator listens.
struct Ports {
    std::uint16_t t8 = 0;
    std::uint16_t control = 0;
    std::uint16_t modem = 0;
};

/// The running simulator: the model with its edges. Starts and stops its threads itself.
class Simulator {
public:
    explicit Simulator(const Settings& settings);
    ~Simulator();
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    /// Opens the three listeners; the error is one sentence for the user.
    Result<Ports> start();

    /// Answers what is open and ends all threads. Idempotent.
    void stop();

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace scef::scef_simulator
