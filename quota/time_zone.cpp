#include "quota/time_zone.h"

#include <algorithm>
#include <utility>

namespace scef::quota {

using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TimeZone::TimeZone(std::string name, seconds offset, std::vector<Transition> transitions)
    : name_(std::move(name)), offset_(offset), transitions_(std::move(transitions)) {}

std::size_t TimeZone::passed(sys_seconds time) const {
    const auto next = std::upper_bound(
        transitions_.begin(), transitions_.end(), time,
        [](sys_seconds value, const Transition& transition) { return value < transition.at; });
    return static_cast<std::size_t>(next - transitions_.begin());
}

local_seconds TimeZone::local(sys_seconds time) const {
    return local_seconds(time.time_since_epoch() + offset_after(passed(time)));
}

sys_seconds TimeZone::first_showing(local_seconds local) const {
    const sys_seconds as_utc(local.time_since_epoch());
    for (std::size_t i = passed(as_utc - offset_max);; ++i) {
        sys_seconds first = as_utc - offset_after(i);
        if (i > 0) first = std::max(first, transitions_[i - 1].at);
        if (i == transitions_.size() || first < transitions_[i].at) return first;
    }
}

}  // namespace scef::quota
