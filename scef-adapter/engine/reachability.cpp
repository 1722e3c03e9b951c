#include "scef-adapter/engine/reachability.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace scef::adapter {
namespace {

using std::chrono::milliseconds;

/// TS 24.008 table 10.5.5.32, in units of 10 ms.
constexpr std::array<std::int64_t, 16> edrx_cycles{512,    1024,   2048,   4096,   6144,  8192,
                                                   10240,  12288,  14336,  16384,  32768, 65536,
                                                   131072, 262144, 524288, 1048576};

void take_edrx(PowerReport& report, std::uint8_t parameters, bool nb_iot) {
    const auto unit = nb_iot ? milliseconds(2560) : milliseconds(1280);
    report.cycle = milliseconds(edrx_cycles[parameters & 0x0f] * 10);
    report.window = std::min<Duration>(unit * ((parameters >> 4) + 1), report.cycle);
}

void take_seconds(Duration& target, std::optional<std::int64_t> value) {
    constexpr std::int64_t longest = 413 * 24 * 3600;  // T3412 extended ends below
    if (value && *value > 0 && *value <= longest) target = std::chrono::seconds(*value);
}

}  // namespace

PowerReport learn_power(PowerReport report, const std::vector<lwm2m::ReportedValue>& values) {
    for (const lwm2m::ReportedValue& value : values) {
        const lwm2m::Path& path = value.path;
        if (path.depth() != 3 || path.object() != 10 || path.instance() != 0) continue;
        if (path.resource() == 4) take_seconds(report.period, value.integer());
        if (path.resource() == 5) take_seconds(report.active_timer, value.integer());
        if (path.resource() == 8 || path.resource() == 9) {
            const auto octets = value.octets();
            if (octets && octets->size() == 1)
                take_edrx(report, octets->front(), path.resource() == 9);
        }
    }
    return report;
}

ReachabilityConfig effective_reachability(const ReachabilityConfig& profile,
                                          const PowerReport& report) {
    ReachabilityConfig effective = profile;
    if (report.active_timer > Duration{}) effective.active_timer = report.active_timer;
    if (report.period > Duration{}) effective.period = report.period;
    if (report.cycle > Duration{}) {
        effective.cycle = report.cycle;
        effective.window = report.window;
    }
    return effective;
}

Window window_at(const ReachabilityConfig& reachability, WallTime last_uplink,
                 Instant reachable_until, Instant now, WallTime wall) {
    if (reachability.kind == ReachabilityConfig::Kind::always) return {true, never};
    if (reachability.kind == ReachabilityConfig::Kind::edrx) {
        return {true, never, reachable_until > now ? Duration{} : reachability.cycle};
    }
    if (reachable_until > now) return {true, reachable_until};
    if (last_uplink == WallTime{} || wall < last_uplink || reachability.period <= Duration{}) {
        return {false, never};
    }
    const Duration since = (wall - last_uplink) % reachability.period;
    const bool updated = wall - last_uplink >= reachability.period;
    if (updated && since < reachability.active_timer) {
        return {true, now + (reachability.active_timer - since)};
    }
    return {false, now + (reachability.period - since)};
}

}  // namespace scef::adapter
