#include "simulators/modem-simulator/at_timers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace scef::modem_simulator {
namespace {

using namespace std::chrono_literals;

struct Unit {
    unsigned code;
    Duration length;
};

constexpr unsigned deactivated = 7;
constexpr unsigned value_max = 31;

// From the shortest unit to the longest.
constexpr std::array<Unit, 3> timer_2{{{0, 2s}, {1, 1min}, {2, 6min}}};
constexpr std::array<Unit, 7> timer_3{
    {{3, 2s}, {4, 30s}, {5, 1min}, {0, 10min}, {1, 1h}, {2, 10h}, {6, 320h}}};

std::string bits_of(unsigned value, unsigned count) {
    std::string bits;
    for (unsigned bit = count; bit-- > 0;) bits += (value >> bit & 1U) != 0 ? '1' : '0';
    return bits;
}

std::optional<unsigned> value_of(std::string_view bits, std::size_t count) {
    if (bits.size() != count) return std::nullopt;
    unsigned value = 0;
    for (const char bit : bits) {
        if (bit != '0' && bit != '1') return std::nullopt;
        value = value * 2 + (bit == '1' ? 1U : 0U);
    }
    return value;
}

Duration time_of(unsigned octet, std::span<const Unit> units, Duration otherwise) {
    const unsigned code = octet >> 5U;
    if (code == deactivated) return 0s;
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.code == code; });
    return (unit == units.end() ? otherwise : unit->length) * (octet & value_max);
}

std::string timer_bits(Duration time, std::span<const Unit> units) {
    if (time <= 0s) return bits_of(deactivated << 5U, 8);
    const Unit* fits = nullptr;
    for (const Unit& unit : units) {
        const bool is_short_enough = time <= unit.length * value_max;
        const bool is_exact = time % unit.length == 0s;
        if (is_short_enough && (fits == nullptr || is_exact)) fits = &unit;
    }
    if (fits == nullptr) return bits_of(units.back().code << 5U | value_max, 8);
    const auto value = (time + fits->length - 1ns) / fits->length;
    return bits_of(fits->code << 5U | static_cast<unsigned>(value), 8);
}

constexpr Duration shortest_cycle = 20'480ms;

struct Cycle {
    unsigned value;
    unsigned factor;  ///< of the shortest cycle
};
constexpr std::array<Cycle, 10> cycles{{{2, 1},
                                        {3, 2},
                                        {5, 4},
                                        {9, 8},
                                        {10, 16},
                                        {11, 32},
                                        {12, 64},
                                        {13, 128},
                                        {14, 256},
                                        {15, 512}}};

}  // namespace

std::optional<unsigned> octet_of_bits(std::string_view bits) { return value_of(bits, 8); }

// An unknown unit counts as minutes, in timer 3 too (TS 24.008 tables 10.5.163 and 10.5.163a).
Duration active_time_of(unsigned octet) { return time_of(octet, timer_2, 1min); }
std::string active_time_bits(Duration time) { return timer_bits(time, timer_2); }
Duration periodic_tau_of(unsigned octet) { return time_of(octet, timer_3, 1min); }

std::string periodic_tau_bits(Duration time) { return timer_bits(time, timer_3); }

std::optional<Duration> edrx_cycle_of(std::string_view bits) {
    const auto value = value_of(bits, 4);
    if (!value) return std::nullopt;
    for (const Cycle& cycle : cycles) {
        if (cycle.value == *value) return shortest_cycle * cycle.factor;
    }
    return shortest_cycle;
}

std::string edrx_cycle_bits(Duration length) {
    for (const Cycle& cycle : cycles) {
        if (shortest_cycle * cycle.factor >= length) return bits_of(cycle.value, 4);
    }
    return bits_of(cycles.back().value, 4);
}

std::string paging_window_bits(Duration window) {
    constexpr Duration step = 2'560ms;
    const auto steps = std::clamp<std::int64_t>((window + step - 1ns) / step, 1, 16);
    return bits_of(static_cast<unsigned>(steps - 1), 4);
}

}  // namespace scef::modem_simulator
