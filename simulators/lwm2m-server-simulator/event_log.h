#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::lwm2m_server_simulator {

/// One thing that happened, as the event stream tells it. `data` holds `sequence`, `type`,
/// `endpoint`, `time` and what the type adds.
struct Event {
    std::uint64_t sequence = 0;
    std::string type;
    std::string endpoint;
    nlohmann::json data;
};

/// Which events a reader wants; empty members stand for all.
struct EventFilter {
    std::string endpoint;
    std::vector<std::string> types;

    bool takes(const Event& event) const;
};

/// The last 10,000 events, numbered from 1. Any thread.
class EventLog {
public:
    static constexpr std::size_t events_max = 10'000;

    /// `type` is one of event_types.h.
    void add(const std::string& type, const std::string& endpoint, nlohmann::json data);

    /// Events after `since` that the filter takes. Waits up to `patience` for the first of them.
    std::vector<Event> read(std::uint64_t since, const EventFilter& filter, Duration patience);

    std::uint64_t last_sequence() const;

    /// Ends all waiting, for good.
    void close();
    bool is_closed() const;

private:
    std::vector<Event> collect(std::uint64_t since, const EventFilter& filter) const;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Event> events_;
    std::uint64_t last_ = 0;
    bool closed_ = false;
};

}  // namespace scef::lwm2m_server_simulator
