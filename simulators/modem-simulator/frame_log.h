#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::modem_simulator {

/// One line of a device's story: a frame up or down, or a note.
struct LogEntry {
    enum class Kind : std::uint8_t { up, down, note };
    std::uint64_t number = 0;  ///< counts from 1 and never restarts
    WallTime time;
    Kind kind = Kind::note;
    Bytes frame;
    std::string note;
};

/// The last entries of one device.
class FrameLog {
public:
    explicit FrameLog(std::size_t entries_max) : entries_max_(entries_max) {}

    const LogEntry& add(LogEntry entry) {
        entry.number = ++added_;
        if (entries_.size() >= entries_max_) entries_.pop_front();
        return entries_.emplace_back(std::move(entry));
    }
    const std::deque<LogEntry>& entries() const { return entries_; }

private:
    std::size_t entries_max_;
    std::uint64_t added_ = 0;
    std::deque<LogEntry> entries_;
};

}  // namespace scef::modem_simulator
