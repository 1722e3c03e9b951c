#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lwm2m-core/lwm2m/reported_values.h"
#include "quota/quota_limits.h"

namespace scef::adapter {

/// What a device told its server of the rate control that the network set for it, in its APN
/// connection profile (LwM2M object 11, resources 25 to 29), and the adapter saw in passing. The
/// values are of one instance. Zero: it did not tell.
struct RateControlReport {
    /// Stored: append only. TS 24.008 10.5.6.3.2, plus one.
    enum class TimeUnit : std::uint8_t { not_told, unrestricted, minute, hour, day, week };
    static constexpr std::uint16_t plmn_unrestricted = 0xffff;

    std::uint16_t instance = 0;
    std::uint32_t apn_rate = 0;        ///< 25: uplink messages in each `apn_unit`
    TimeUnit apn_unit{};               ///< 27
    std::uint32_t exception_rate = 0;  ///< 28: uplink messages of exception data besides
    TimeUnit exception_unit{};         ///< 29
    /// 26: messages in 6 minutes, for each PDN connection and direction. The text of the object
    /// says "per time unit (Resource 27)"; the clause that it refers to, TS 23.401 4.7.7.2, knows
    /// only the 6 minutes, and a device passes on what it got from the network.
    std::uint16_t plmn_rate = 0;

    bool is_told() const;
    // As limits; nothing: without limit, or not told.
    std::optional<quota::Rate> plmn_limit() const;
    std::optional<quota::Rate> apn_limit() const;
    std::optional<quota::Rate> exception_limit() const;

    friend bool operator==(const RateControlReport&, const RateControlReport&) = default;
};

/// `report` with what a device reports of itself. An instance that tells takes the place of another
/// one; of several that tell at once, it is the lowest. What the standards do not allow is ignored:
/// rates of zero or beyond their bits, fewer than 10 messages in 6 minutes, unknown units.
RateControlReport learn_rate_control(RateControlReport report,
                                     const std::vector<lwm2m::ReportedValue>& values);

}  // namespace scef::adapter
