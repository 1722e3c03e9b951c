#include "simulators/scef-simulator/event_log.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

namespace scef::scef_simulator {

void EventLog::append(WallTime time, std::string kind, std::string external_id,
                      std::string detail) {
    spdlog::debug("SCEF_SIMULATOR_EVENT kind={} external_id={} detail={}", kind, external_id,
                  detail);
    const std::lock_guard lock(mutex_);
    if (entries_.size() == entries_max) entries_.pop_front();
    entries_.push_back({++last_, time, std::move(kind), std::move(external_id), std::move(detail)});
}

std::vector<LogEntry> EventLog::read(const Query& query) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogEntry> found;
    const std::uint64_t first = entries_.empty() ? 1 : entries_.front().sequence;
    const std::uint64_t skipped = query.since >= first ? query.since - first + 1 : 0;
    for (std::size_t i =
             static_cast<std::size_t>(std::min<std::uint64_t>(skipped, entries_.size()));
         i < entries_.size() && found.size() < query.limit; ++i) {
        const LogEntry& entry = entries_[i];
        if (!query.external_id.empty() && entry.external_id != query.external_id) continue;
        if (!query.kind.empty() && entry.kind != query.kind) continue;
        found.push_back(entry);
    }
    return found;
}

std::uint64_t EventLog::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

}  // namespace scef::scef_simulator
