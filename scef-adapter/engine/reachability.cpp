#include "scef-adapter/engine/reachability.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace scef::adapter {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t text_plain = 0, octet_stream = 42, lwm2m_tlv = 11542;

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

std::optional<std::int64_t> number_of_text(ByteView octets) {
    const std::string_view text = as_text(octets);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::int64_t> number_of_octets(ByteView octets) {
    if (octets.empty() || octets.size() > 8) return std::nullopt;
    std::int64_t value = (octets[0] & 0x80) != 0 ? -1 : 0;
    for (const std::uint8_t octet : octets) {
        value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8 | octet);
    }
    return value;
}

void take(PowerReport& report, unsigned resource, ByteView octets, bool is_text) {
    const auto number = [&] { return is_text ? number_of_text(octets) : number_of_octets(octets); };
    switch (resource) {
        case 4:
            return take_seconds(report.period, number());
        case 5:
            return take_seconds(report.active_timer, number());
        case 8:
        case 9:
            if (octets.size() == 1) take_edrx(report, octets[0], resource == 9);
            return;
        default:
            return;
    }
}

/// LwM2M TLV (Core TS 7.4.3): the resources of one object instance.
void take_tlv(PowerReport& report, ByteView octets) {
    std::size_t at = 0;
    const auto number = [&](std::size_t size) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size && at < octets.size(); ++i) {
            value = value << 8 | octets[at++];
        }
        return value;
    };
    while (at < octets.size()) {
        const std::uint8_t type = octets[at++];
        const std::uint32_t id = number((type & 0x20) != 0 ? 2 : 1);
        const unsigned length_octets = type >> 3 & 3u;
        const std::uint32_t length = length_octets == 0 ? type & 7u : number(length_octets);
        if (length > octets.size() - at) return;
        const ByteView value = octets.subspan(at, length);
        const unsigned kind = type >> 6;
        if (kind == 0) return take_tlv(report, value);
        if (kind == 3) take(report, id, value, false);
        at += length;
    }
}

}  // namespace

PowerReport learn_power(PowerReport report, std::string_view path, const coap::Message& answer) {
    constexpr std::string_view instance = "/10/0";
    if (!path.starts_with(instance) || answer.code.code_class() != 2) return report;
    if (answer.find(coap::options::oscore) != nullptr) return report;
    path.remove_prefix(instance.size());
    const std::uint32_t format =
        answer.uint_option(coap::options::content_format).value_or(text_plain);
    if (format == lwm2m_tlv) {
        take_tlv(report, answer.payload);
    } else if (path.size() == 2 && path[0] == '/' && path[1] >= '0' && path[1] <= '9' &&
               (format == text_plain || format == octet_stream)) {
        take(report, static_cast<unsigned>(path[1] - '0'), answer.payload, format == text_plain);
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
