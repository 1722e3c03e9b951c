#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "simulators/scef-simulator/radio.h"
#include "simulators/scef-simulator/rate_control.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// What the next hop (MME and radio) tells the SCEF about a frame that it forwards (TS 23.682
/// 5.13.3 step 9).
enum class HopReport : std::uint8_t {
    acknowledged,    ///< the eNodeB's acknowledgement: SUCCESS_NEXT_HOP_ACKNOWLEDGED
    unacknowledged,  ///< sent, nothing known: SUCCESS_NEXT_HOP_UNACKNOWLEDGED
    unspecified,     ///< sent, without details: SUCCESS
    failing,         ///< the MME cannot be reached: FAILURE_NEXT_HOP
};

/// What the UE does with frames of the reliable data service (TS 24.250).
enum class RdsConduct : std::uint8_t { acknowledging, silent, disabled };

std::string_view name_of(HopReport report);
std::optional<HopReport> hop_report_of(std::string_view name);
std::string_view name_of(RdsConduct conduct);
std::optional<RdsConduct> rds_conduct_of(std::string_view name);

/// How much of a UE's data the SCEF keeps while the UE cannot hear.
struct BufferLimits {
    bool enabled = true;
    std::size_t count_max = 8;
    std::size_t octets_max = 0;  ///< 0: no limit
};

/// All that can be set for one UE. Timers and rates are as in the settings, before the time scale.
struct UeProfile {
    Timers timers;
    RateLimits rates;
    BufferLimits buffer;
    Coverage coverage = Coverage::normal;
    HopReport hop = HopReport::acknowledged;
    RdsConduct rds = RdsConduct::acknowledging;
};

/// What a UE is when the network hears of it first.
UeProfile first_profile(const Settings& settings);

}  // namespace scef::scef_simulator
