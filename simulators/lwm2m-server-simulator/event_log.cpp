#include "simulators/lwm2m-server-simulator/event_log.h"

#include <algorithm>
#include <cassert>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/clock.h"
#include "simulators/lwm2m-server-simulator/event_types.h"

namespace scef::lwm2m_server_simulator {

bool EventFilter::takes(const Event& event) const {
    const bool of_endpoint = endpoint.empty() || event.endpoint == endpoint;
    const bool of_type =
        types.empty() || std::find(types.begin(), types.end(), event.type) != types.end();
    return of_endpoint && of_type;
}

void EventLog::add(const std::string& type, const std::string& endpoint, nlohmann::json data) {
    assert(is_event_type(type));
    const std::lock_guard lock(mutex_);
    ++last_;
    data["sequence"] = last_;
    data["type"] = type;
    data["endpoint"] = endpoint;
    data["time"] = to_rfc3339(wall_now());
    events_.push_back({last_, type, endpoint, std::move(data)});
    if (events_.size() > events_max) events_.pop_front();
    changed_.notify_all();
}

std::vector<Event> EventLog::read(std::uint64_t since, const EventFilter& filter,
                                  Duration patience) {
    std::unique_lock lock(mutex_);
    std::vector<Event> found;
    changed_.wait_for(lock, patience, [&] {
        found = collect(since, filter);
        return closed_ || !found.empty();
    });
    return found;
}

std::vector<Event> EventLog::collect(std::uint64_t since, const EventFilter& filter) const {
    if (since >= last_) return {};
    const std::uint64_t first = last_ - events_.size() + 1;
    std::vector<Event> found;
    for (std::uint64_t sequence = std::max(since + 1, first); sequence <= last_; ++sequence) {
        const Event& event = events_[sequence - first];
        if (filter.takes(event)) found.push_back(event);
    }
    return found;
}

std::uint64_t EventLog::last_sequence() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

void EventLog::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

bool EventLog::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

}  // namespace scef::lwm2m_server_simulator
