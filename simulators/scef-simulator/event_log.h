#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
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

/// One JSON object on one line.
std::string to_line(const LogEntry& entry);

/// The last 100,000 entries; the oldest fall out. Any thread.
class EventLog {
public:
    /// Which entries to read: those after `since`, and if not empty of that UE, of one of these
    /// kinds (`a,b`) and with this text in their detail.
    struct Query {
        std::uint64_t since = 0;
        std::string external_id;
        std::string kind;
        std::string contains;
        std::size_t limit = entries_max;
    };

    static constexpr std::size_t entries_max = 100'000;

    /// From now on every entry is also a line of this file, which is created or continued.
    Status write_to(const std::string& path);

    void append(WallTime time, std::string kind, std::string external_id, std::string detail);
    std::vector<LogEntry> read(const Query& query) const;
    std::uint64_t last() const;

    /// Waits until there is an entry after `sequence`, or so long.
    void wait_after(std::uint64_t sequence, Duration longest) const;

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable grown_;
    std::deque<LogEntry> entries_;
    std::uint64_t last_ = 0;
    std::ofstream file_;
};

}  // namespace scef::scef_simulator
