#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "scef-adapter/engine/counts_by_time.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// Whether devices hear, as far as a count can tell: the periodic updates of a `psm` device, of
/// which the network alone knows for sure, are not looked at.
enum class Hearing : std::uint8_t {
    always,   ///< by its profile
    edrx,     ///< within its cycle
    awake,    ///< psm, in the window after an uplink
    asleep,   ///< psm, and the window is over
    unheard,  ///< psm, and nothing came from it yet
};
inline constexpr std::size_t hearing_kinds = 5;
std::string_view name_of(Hearing hearing);

/// Counts of devices for the gauges.
struct DeviceCounts {
    struct OfScef {
        std::array<std::uint64_t, 5> configurations{};  ///< by NiddLink::Status
        /// When the first of the active ones ends; of idle devices up to an hour early.
        std::optional<WallTime> first_expiry;
    };

    std::uint64_t devices = 0;
    std::uint64_t registered = 0;
    std::array<std::uint64_t, hearing_kinds> by_hearing{};
    std::vector<OfScef> scefs;  ///< by place in the configuration
};

/// Keeps count of the idle devices, so that nobody has to look at each of them. Its size depends on
/// how many SCEFs there are and on how far ends are spread over time, not on how many devices there
/// are. Pure.
class DeviceCensus {
public:
    explicit DeviceCensus(std::size_t scefs) : scefs_(scefs) {}

    /// `enters` becomes idle now; what `leaves` is as it was then.
    void enters(const Device& device, Instant now);
    void leaves(const Device& device);
    /// Idle ones, at that time.
    DeviceCounts counts(Instant now) const;

    /// Adds one device that is not idle.
    static void add(DeviceCounts& counts, const Device& device, Instant now);

private:
    struct OfScef {
        std::array<std::uint64_t, 5> configurations{};
        CountsByTime expiries;  ///< by the hour
    };

    std::uint64_t devices_ = 0, registered_ = 0, always_ = 0, edrx_ = 0, unheard_ = 0;
    CountsByTime awake_until_;  ///< psm: by the second
    std::vector<OfScef> scefs_;
};

}  // namespace scef::adapter
