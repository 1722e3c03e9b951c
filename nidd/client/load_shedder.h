#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// Decides which calls a SCEF that answers 429 or 503 is spared. Over a sliding window it counts
/// what was asked for and what the SCEF accepted; a call is shed with probability
/// (asked - multiplier * accepted) / (asked + 1), at most `probability_max`. So about `multiplier`
/// times of what the SCEF can take goes there. That alone would take many windows to notice that
/// the SCEF has recovered, so a row of accepted calls ends the shedding. Calls in flight do not
/// count, for a SCEF may hold them for long. A decision only: time and randomness are given. Not
/// thread-safe.
class LoadShedder {
public:
    struct Options {
        double multiplier = 2;
        Duration window = std::chrono::minutes(2);
        double probability_max = 0.95;
        unsigned accepted_row = 20;  ///< so many accepted one after the other end it
    };

    explicit LoadShedder(const Options& options) : options_(options) {}

    /// False: the call is to be shed, and has been counted.
    bool admit(Instant now, Random& random);
    /// The SCEF answered: it took the call, or threw it back.
    void on_answer(Instant now, bool accepted);

    double probability(Instant now);

private:
    static constexpr std::size_t slot_count = 24;
    struct Slot {
        std::uint64_t asked = 0;
        std::uint64_t accepted = 0;
    };

    /// The current slot; those that the window left behind are emptied.
    Slot& slot_at(Instant now);

    Options options_;
    std::array<Slot, slot_count> slots_{};
    std::int64_t newest_ = 0;
    Slot sum_;
    unsigned row_ = 0;
};

}  // namespace scef::nidd
