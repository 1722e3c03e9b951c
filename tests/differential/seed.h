#pragma once

#include <cstdlib>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

/// What the differential tests share: one seed, and how they draw from it.
namespace scef::differential {

/// SCEF_SEED, else 1; every test prints it when it fails.
inline std::uint64_t seed_of_run() {
    const char* const given = std::getenv("SCEF_SEED");
    return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

/// Draws values that lie at the limits of formats more often than chance would.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    bool flag() { return random_.below(2) == 0; }
    template <typename T>
    T one_of(std::initializer_list<T> values) {
        return values.begin()[random_.below(values.size())];
    }
    Bytes octets(std::size_t size_max) {
        Bytes octets(random_.below(size_max + 1));
        for (std::uint8_t& octet : octets) octet = static_cast<std::uint8_t>(random_.next());
        return octets;
    }
    /// Printable, with an umlaut now and then.
    std::string text(std::size_t size_max) {
        std::string text;
        for (std::size_t left = random_.below(size_max + 1); left > 0; --left) {
            text += static_cast<char>(0x20 + random_.below(0x5f));
        }
        return flag() ? text : text + "\xc3\xa4";
    }
    /// Of every magnitude up to 63 bits, and of both signs.
    std::int64_t integer() {
        const auto magnitude = static_cast<std::int64_t>(random_.next() >> (1 + below(63)));
        return flag() ? magnitude : -magnitude - 1;
    }

private:
    SeededRandom random_;
};

}  // namespace scef::differential
