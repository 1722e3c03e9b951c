#pragma once

#include "simulators/scef-simulator/monitoring.h"
#include "simulators/scef-simulator/scef.h"
#include "simulators/scef-simulator/triggering.h"

namespace scef::scef_simulator {

/// NIDD with the services that watch and wake its UEs, as one pure state machine. One caller at a
/// time; after whatever it does to the parts it takes the effects.
class SimulatedOperator {
public:
    explicit SimulatedOperator(const Settings& settings);

    Scef& scef() { return scef_; }
    const Scef& scef() const { return scef_; }
    Triggering& triggering() { return triggering_; }
    Monitoring& monitoring() { return monitoring_; }

    void on_frame(const modem_link::Frame& frame, const Turn& turn);

    /// A SCEF that lost its database.
    void forget(const Turn& turn);

    void advance(const Turn& turn);
    Instant deadline(const Turn& turn) const;

    /// Tells the services what happened to UEs meanwhile; then all effects, in order.
    Effects take_effects(const Turn& turn);

private:
    void observe(Effect effect, const Turn& turn, Effects& told);

    Scef scef_;
    Triggering triggering_;
    Monitoring monitoring_;
};

}  // namespace scef::scef_simulator
