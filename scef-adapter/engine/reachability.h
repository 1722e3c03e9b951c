#pragma once

#include <optional>
#include <vector>

#include "lwm2m-core/lwm2m/reported_values.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// What a device told its server of its own power saving, in Connectivity Management (LwM2M object
/// 10, resources 4, 5, 8, 9), and the adapter saw in passing. Zero: it did not tell.
struct PowerReport {
    Duration active_timer{};  ///< T3324
    Duration period{};        ///< T3412, as the PSM timer
    Duration cycle{};         ///< eDRX
    Duration window{};        ///< eDRX paging time window
    friend bool operator==(const PowerReport&, const PowerReport&) = default;
};

/// `report` with what a device reports of itself: those four resources of instance 0.
PowerReport learn_power(PowerReport report, const std::vector<lwm2m::ReportedValue>& values);

/// The profile's values, with those the device told of in place of its own. The kind stays what the
/// operator said.
ReachabilityConfig effective_reachability(const ReachabilityConfig& profile,
                                          const PowerReport& report);

/// Whether a device can hear, and when that changes next; `never` if only an uplink changes it.
struct Window {
    bool open = false;
    Instant until = never;
    Duration latency{};  ///< how much later than sent it may hear: the eDRX cycle
};

/// A `psm` device hears until `reachable_until`, and for the active timer after each periodic
/// tracking area update, which is counted from its last uplink. An `edrx` device hears within its
/// cycle, an `always` one at any time; the SCEF holds what comes a moment too early.
Window window_at(const ReachabilityConfig& reachability, WallTime last_uplink,
                 Instant reachable_until, Instant now, WallTime wall);

}  // namespace scef::adapter
