#pragma once

#include <cstdint>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

/// Numbers and times as a packed device has them: in groups of seven bits, the lowest first; times
/// of whole milliseconds are counted in these.
namespace scef::adapter::packed {

inline constexpr std::uint8_t more = 0x80;

inline void append_number(Bytes& octets, std::uint64_t value) {
    for (; value >= more; value >>= 7) octets.push_back(static_cast<std::uint8_t>(value | more));
    octets.push_back(static_cast<std::uint8_t>(value));
}

inline std::uint64_t take_number(const std::uint8_t*& octets) {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const std::uint8_t octet = *octets++;
        value |= static_cast<std::uint64_t>(octet & 0x7f) << shift;
        if ((octet & more) == 0) return value;
    }
}

/// Small numbers of either sign become small numbers.
inline std::uint64_t folded(std::uint64_t value) { return value << 1 ^ (value >> 63 ? ~0ull : 0); }
inline std::uint64_t unfolded(std::uint64_t value) { return value >> 1 ^ (value & 1 ? ~0ull : 0); }

inline constexpr Duration::rep millisecond = Duration(std::chrono::milliseconds(1)).count();

template <typename Time>
bool is_whole_milliseconds(Time time) {
    return time == whole_milliseconds(time);
}

/// In whole milliseconds, rounded down, or in nanoseconds.
template <typename Time>
std::uint64_t count_of(Time time, bool in_milliseconds) {
    const Duration::rep unit = in_milliseconds ? millisecond : 1;
    return static_cast<std::uint64_t>(time.time_since_epoch().count() / unit);
}

template <typename Time>
Time time_of(std::uint64_t count, bool in_milliseconds) {
    const Duration::rep unit = in_milliseconds ? millisecond : 1;
    return Time(Duration(static_cast<Duration::rep>(count) * unit));
}

}  // namespace scef::adapter::packed
