#pragma once

#include <cstdint>
#include <optional>

#include "quota/calendar_period.h"

namespace scef::quota {

/// When `amount` is used up if it goes on as since the window began (`window.begin` may be the
/// account's begin): nothing if not before the window ends, or if nothing can be told yet.
std::optional<WallTime> exhaustion_forecast(std::uint64_t used, std::uint64_t amount,
                                            const Window& window, WallTime now);

}  // namespace scef::quota
