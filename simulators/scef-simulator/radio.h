#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::scef_simulator {

/// Where a UE is heard: the coverage enhancement levels CE0 to CE2 of TS 36.331.
enum class Coverage : std::uint8_t { normal, robust, extreme };

std::string_view name_of(Coverage coverage);
std::optional<Coverage> coverage_of(std::string_view name);

/// The air between network and UE, per direction: how long a frame takes, and the probability that
/// one transmission of it is lost. A repetition of the link is a transmission of its own.
struct RadioPath {
    Duration downlink_latency{0};
    Duration uplink_latency{0};
    double downlink_loss = 0;
    double uplink_loss = 0;

    Duration round_trip() const { return downlink_latency + uplink_latency; }
};

/// What the coverage classes are.
struct RadioPaths {
    RadioPath normal;
    RadioPath robust{std::chrono::milliseconds(400), std::chrono::milliseconds(600), 0.02, 0.02};
    RadioPath extreme{std::chrono::seconds(2), std::chrono::seconds(2), 0.1, 0.1};

    const RadioPath& of(Coverage coverage) const;
};

}  // namespace scef::scef_simulator
