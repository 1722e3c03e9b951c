#include "quota/forecast.h"

namespace scef::quota {

std::optional<WallTime> exhaustion_forecast(std::uint64_t used, std::uint64_t amount,
                                            const Window& window, WallTime now) {
    if (used >= amount) return now;
    const Duration passed = now - window.begin;
    if (used == 0 || passed <= Duration{} || now >= window.end) return std::nullopt;
    const double left = static_cast<double>(amount - used) / static_cast<double>(used) *
                        static_cast<double>(passed.count());
    if (left >= static_cast<double>((window.end - now).count())) return std::nullopt;
    return now + Duration(static_cast<Duration::rep>(left));
}

}  // namespace scef::quota
