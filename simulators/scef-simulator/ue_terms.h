#pragma once

#include <cstdint>
#include <string>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/ue_record.h"

/// What the network and a UE agree on when the UE attaches or updates its tracking area.
namespace scef::scef_simulator {

/// An `attached` or `state` frame with the state of the UE; the first one, and one after a change,
/// with all its terms. They count as told then.
modem_link::Frame tell(modem_link::Kind kind, const std::string& id, UeRecord& record,
                       std::uint32_t frame_octets_max);

/// Grants what the UE asks for (TS 23.682 4.5.4, 4.5.13); the times that it leaves open stay. The
/// running timer of its state starts anew, all times `time_scale` times faster.
void grant(const modem_link::PowerSaving& wanted, UeRecord& record, double time_scale, Instant now);

}  // namespace scef::scef_simulator
