#pragma once

#include <chrono>
#include <cstdint>

namespace scef {

/// All of the project's durations and both of its clocks count nanoseconds.
using Duration = std::chrono::nanoseconds;

/// A clock that is never read: pure code is given its values. The tag keeps steady and wall apart.
template <typename Tag>
struct GivenClock {
    using rep = Duration::rep;
    using period = Duration::period;
    using duration = Duration;
    using time_point = std::chrono::time_point<GivenClock, Duration>;
    static constexpr bool is_steady = false;
};

/// Steady time of this process: timers, back-off, windows. Meaningless in another process, so never
/// stored.
using Instant = GivenClock<struct SteadyTag>::time_point;

/// UTC since the Unix epoch: everything that is stored or shown, above all `expires_at`.
using WallTime = GivenClock<struct WallTag>::time_point;

/// Without the fraction of a millisecond: for what is kept long and in great numbers.
template <typename Time>
constexpr Time whole_milliseconds(Time time) {
    return time - time.time_since_epoch() % std::chrono::milliseconds(1);
}

/// Never: later than every deadline.
inline constexpr Instant never = Instant::max();

/// A source of random numbers. The daemon's draws from the operating system and may make secrets;
/// the tests' is seeded.
class Random {
public:
    virtual ~Random() = default;
    virtual std::uint64_t next() = 0;

    /// Uniform in [0, bound); 0 if bound is 0.
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
    /// Uniform in [0, 1).
    double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
};

/// The repeatable source of the tests and simulations (SplitMix64). Not for secrets.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() override {
        state_ += 0x9e3779b97f4a7c15u;
        std::uint64_t value = state_;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
        return value ^ (value >> 31);
    }

private:
    std::uint64_t state_;
};

/// What one turn of the pure engine is given: the two times and the random source. Lives as long
/// as the call.
struct Turn {
    Instant now;
    WallTime wall;
    Random& random;
};

}  // namespace scef
