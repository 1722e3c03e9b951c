#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulators/scef-simulator/air.h"
#include "simulators/scef-simulator/deliveries.h"
#include "simulators/scef-simulator/effects.h"
#include "simulators/scef-simulator/settings.h"
#include "simulators/scef-simulator/ue_record.h"

namespace scef::scef_simulator {

/// The way from the SCEF over MME and radio to a modem and back: sends what waits for a UE that
/// hears, one frame at a time, repeats it, and says what the hop and the UE reported. Pure.
class Hop {
public:
    Hop(const Settings& settings, Effects& effects, Deliveries& deliveries);

    /// Sends until a frame waits for its acknowledgement, or nothing may go.
    void send_next(const std::string& id, UeRecord& record, const Turn& turn);

    /// The frame in flight was not acknowledged in time.
    void repeat(const std::string& id, UeRecord& record, const Turn& turn);

    /// False for a frame that nobody waits for.
    bool on_ack(const std::string& id, UeRecord& record, std::uint32_t sequence, const Turn& turn);

    /// As `Air::send_uplink`.
    bool send_uplink(const modem_link::Frame& frame, const UeRecord& record, const Turn& turn);
    std::vector<modem_link::Frame> take_arrived(Instant now) { return air_.take_arrived(now); }
    Instant deadline() const { return air_.deadline(); }

    /// A frame that was sent before is not counted a second time against the rates.
    static bool may_send(const UeRecord& record, const Delivery& delivery, const Turn& turn);

private:
    void transmit(const std::string& id, UeRecord& record, Delivery& delivery, const Turn& turn);
    void send(const std::string& id, const UeRecord& record, const Delivery& delivery,
              bool repeated, const Turn& turn);

    LinkTimers link_;
    RadioPaths paths_;
    Duration rds_wait_;
    Effects& effects_;
    Deliveries& deliveries_;
    Air air_;
};

}  // namespace scef::scef_simulator
