#pragma once

#include <optional>
#include <string>

#include "simulators/scef-simulator/configuration.h"
#include "simulators/scef-simulator/core_network.h"
#include "simulators/scef-simulator/features.h"
#include "simulators/scef-simulator/refusal.h"
#include "simulators/scef-simulator/subscribers.h"
#include "simulators/scef-simulator/t8_bodies.h"

namespace scef::scef_simulator {

/// What the SCEF checks before it does what an SCS/AS asks, in the order in which TS 29.122 4.4.5
/// has it. Each answers the refusal, or nothing. Pure.
class Admission {
public:
    Admission(const ConfigurationSettings& rules, const Subscribers& subscribers,
              const Configurations& configurations, CoreNetwork& network);

    /// Whether it may use the API at all.
    std::optional<Refusal> refusal_of_scs_as(const std::string& scs_as_id) const;

    /// For a new configuration whose `ue` and `maximum_packet_size` are set.
    std::optional<Refusal> refusal_of(const ConfigurationRequest& request, const Turn& turn);

    /// The checks of TS 29.122 4.4.5.3.1 that follow those of configuration and SCS/AS, in the
    /// order of the clause, then quota and rate (TS 23.682 5.13.3). `instead_of` is the delivery
    /// that the transfer would replace, empty for a new one.
    std::optional<Refusal> refusal_of(const Configuration& configuration, const Transfer& transfer,
                                      const DeliveryId& instead_of, const Turn& turn);

    /// The feature must have been negotiated if the SCEF insists on that.
    std::optional<Refusal> refusal_of(const Configuration& configuration, Feature feature) const;

private:
    const ConfigurationSettings& rules_;
    const Subscribers& subscribers_;
    const Configurations& configurations_;
    CoreNetwork& network_;
};

}  // namespace scef::scef_simulator
