#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace scef::quota {

/// The civil time of a place: which offset from UTC holds from which second on. A value; who makes
/// it knows where its transitions come from and how far they reach, the last offset holds for ever.
class TimeZone {
public:
    /// From `at` on, local time is UTC + `offset`.
    struct Transition {
        std::chrono::sys_seconds at;
        std::chrono::seconds offset;
        friend bool operator==(const Transition&, const Transition&) = default;
    };
    /// Offsets are shorter than this, either way (RFC 8536 3.2).
    static constexpr std::chrono::hours offset_max{26};

    /// Transitions in the order of time, each with its own second; `offset` holds before the first.
    TimeZone(std::string name, std::chrono::seconds offset, std::vector<Transition> transitions);

    const std::string& name() const { return name_; }
    std::chrono::seconds first_offset() const { return offset_; }
    const std::vector<Transition>& transitions() const { return transitions_; }
    /// What a clock on the wall shows.
    std::chrono::local_seconds local(std::chrono::sys_seconds time) const;
    /// The first second at which a clock on the wall shows `local` or later: behind a gap if it is
    /// in one, the first of two if the clock shows it twice.
    std::chrono::sys_seconds first_showing(std::chrono::local_seconds local) const;

    friend bool operator==(const TimeZone&, const TimeZone&) = default;

private:
    /// How many transitions are over at `time`.
    std::size_t passed(std::chrono::sys_seconds time) const;
    std::chrono::seconds offset_after(std::size_t transitions) const {
        return transitions == 0 ? offset_ : transitions_[transitions - 1].offset;
    }

    std::string name_;
    std::chrono::seconds offset_;
    std::vector<Transition> transitions_;
};

}  // namespace scef::quota
