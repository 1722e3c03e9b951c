#include "scef-adapter/admin/failed_logins.h"

#include <algorithm>

namespace scef::adapter {

std::optional<Duration> FailedLogins::on_failure(const std::string& address, Instant now) {
    const std::lock_guard lock(mutex_);
    if (!failures_.contains(address)) make_room(now);
    std::deque<Instant>& times = failures_[address];
    while (!times.empty() && times.front() + period <= now) times.pop_front();
    if (times.size() >= failures_max) return times.front() + period - now;
    times.push_back(now);
    return std::nullopt;
}

void FailedLogins::make_room(Instant now) {
    if (failures_.size() < addresses_max) return;
    std::erase_if(failures_,
                  [&](const auto& entry) { return entry.second.back() + period <= now; });
    if (failures_.size() < addresses_max) return;
    failures_.erase(std::min_element(
        failures_.begin(), failures_.end(),
        [](const auto& a, const auto& b) { return a.second.back() < b.second.back(); }));
}

}  // namespace scef::adapter
