#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace scef::adapter {

/// Whether every part of the process still moves: each is asked in rounds, and a new round begins
/// only once every part has answered the one before. Thread-safe.
class Heartbeats {
public:
    explicit Heartbeats(std::vector<std::string> parts);

    /// Begins a round and gives its number, if the round before is complete (the first has none
    /// before it); 0 if it is not: some part has not moved since.
    std::uint64_t next_round();
    /// A part's answer; one to an earlier round does not count.
    void on_beat(std::size_t part, std::uint64_t round);
    /// The parts that have not answered this round.
    std::vector<std::string> missing() const;

private:
    mutable std::mutex mutex_;
    const std::vector<std::string> parts_;
    std::vector<std::uint64_t> answered_;  ///< the last round, by part
    std::uint64_t round_ = 0;
};

}  // namespace scef::adapter
