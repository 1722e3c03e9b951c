#pragma once

#include <cstdint>
#include <initializer_list>

namespace scef::queueing {

/// A set of the states of one table's `from` column; `State` is an enumeration of at most 16.
template <typename State>
class StateSet {
public:
    constexpr StateSet(std::initializer_list<State> states) {
        for (const State state : states) bits_ = static_cast<std::uint16_t>(bits_ | bit(state));
    }
    constexpr bool contains(State state) const { return (bits_ & bit(state)) != 0; }

private:
    static constexpr unsigned bit(State state) { return 1u << static_cast<unsigned>(state); }

    std::uint16_t bits_ = 0;
};

}  // namespace scef::queueing
