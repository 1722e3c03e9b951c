#include "simulators/scef-simulator/event_log.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/body_reader.h"

namespace scef::scef_simulator {
namespace {

bool is_one_of(std::string_view kind, std::string_view list) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (list.substr(0, comma) == kind) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

bool is_asked_for(const LogEntry& entry, const EventLog::Query& query) {
    if (!query.external_id.empty() && entry.external_id != query.external_id) return false;
    if (!query.kind.empty() && !is_one_of(entry.kind, query.kind)) return false;
    return query.contains.empty() || entry.detail.find(query.contains) != std::string::npos;
}

}  // namespace

// Written by hand, since the detail is JSON already and there may be 100,000 of them.
std::string to_line(const LogEntry& entry) {
    std::string line = "{\"sequence\":" + std::to_string(entry.sequence) + ",\"time\":\"" +
                       to_rfc3339(entry.time) + "\",\"kind\":" + dump(nlohmann::json(entry.kind));
    if (!entry.external_id.empty()) {
        line += ",\"externalId\":" + dump(nlohmann::json(entry.external_id));
    }
    return line + ",\"detail\":" + entry.detail + "}";
}

Status EventLog::write_to(const std::string& path) {
    const std::lock_guard lock(mutex_);
    file_.open(path, std::ios::app);
    if (!file_) return fail(Errc::unavailable, "cannot write the log file " + path);
    return {};
}

void EventLog::append(WallTime time, std::string kind, std::string external_id,
                      std::string detail) {
    spdlog::debug("SCEF_SIMULATOR_EVENT kind={} external_id={} detail={}", kind, external_id,
                  detail);
    {
        const std::lock_guard lock(mutex_);
        if (entries_.size() == entries_max) entries_.pop_front();
        entries_.push_back(
            {++last_, time, std::move(kind), std::move(external_id), std::move(detail)});
        if (file_.is_open()) file_ << to_line(entries_.back()) << std::endl;
    }
    grown_.notify_all();
}

std::vector<LogEntry> EventLog::read(const Query& query) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogEntry> found;
    const std::uint64_t first = entries_.empty() ? 1 : entries_.front().sequence;
    const std::uint64_t skipped = query.since >= first ? query.since - first + 1 : 0;
    for (std::size_t i =
             static_cast<std::size_t>(std::min<std::uint64_t>(skipped, entries_.size()));
         i < entries_.size() && found.size() < query.limit; ++i) {
        if (is_asked_for(entries_[i], query)) found.push_back(entries_[i]);
    }
    return found;
}

std::uint64_t EventLog::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

void EventLog::wait_after(std::uint64_t sequence, Duration longest) const {
    std::unique_lock lock(mutex_);
    grown_.wait_for(lock, longest, [&] { return last_ > sequence; });
}

}  // namespace scef::scef_simulator
