#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::quota {

/// So many units (messages or octets) per period.
struct Rate {
    std::uint64_t amount = 0;
    Duration period{};
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// What one direction of one device may use. Absent means unlimited.
struct QuotaLimits {
    std::optional<Rate> messages;
    std::uint32_t burst = 1;  ///< messages that may go back to back
    std::optional<Rate> bytes;
    friend bool operator==(const QuotaLimits&, const QuotaLimits&) = default;
};

}  // namespace scef::quota
