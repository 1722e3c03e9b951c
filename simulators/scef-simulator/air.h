#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/radio.h"

namespace scef::scef_simulator {

/// Frames between the network and the UEs that take their time, or get lost. Those of one UE and
/// one direction never overtake each other. Pure.
class Air {
public:
    explicit Air(Effects& effects) : effects_(effects) {}

    /// A transmission towards the UE; it goes to the modem when its latency is over.
    void send_downlink(modem_link::Frame frame, const RadioPath& path, const Turn& turn);

    /// A transmission of the UE. True if it is at the network at once; else it is lost, or comes by
    /// `take_arrived` later.
    bool send_uplink(const modem_link::Frame& frame, const RadioPath& path, const Turn& turn);

    /// Hands downlink frames that are due to the modem and answers the uplink ones, in order.
    std::vector<modem_link::Frame> take_arrived(Instant now);

    Instant deadline() const { return frames_.empty() ? never : frames_.begin()->first; }

private:
    Instant arrival(const std::string& lane, Duration latency, Instant now);
    void lose(const modem_link::Frame& frame);

    Effects& effects_;
    std::multimap<Instant, modem_link::Frame> frames_;
    std::map<std::string, Instant> last_;  ///< of each UE and direction with frames under way
};

}  // namespace scef::scef_simulator
