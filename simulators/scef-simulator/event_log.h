#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::scef_simulator {

/// One thing that happened: a T8 request or answer, a notification or its answer, a frame on the
/// air, a change of state. `detail` is a JSON object as text.
struct LogEntry {
    std::uint64_t sequence = 0;
    WallTime time;
    std::string kind;
    std::string external_id;
    std::string detail;
};

/// The last 100,000 entries; the oldest fall out. Any thread.
class EventLog {
public:
    /// Which entries to read: those after `since`, and if not empty of that UE and kind.
    struct Query {
        std::uint64_t since = 0;
        std::string external_id;
        std::string kind;
        std::size_t limit = entries_max;
    };

    static constexpr std::size_t entries_max = 100'000;

    void append(WallTime time, std::string kind, std::string external_id, std::string detail);
    std::vector<LogEntry> read(const Query& query) const;
    std::uint64_t last() const;

private:
    mutable std::mutex mutex_;
    std::deque<LogEntry> entries_;
    std::uint64_t last_ = 0;
};

}  // namespace scef::scef_simulator
