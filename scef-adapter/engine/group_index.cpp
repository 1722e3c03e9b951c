#include "scef-adapter/engine/group_index.h"

#include <algorithm>

namespace scef::adapter {

using queueing::DeviceIndex;

void GroupIndex::add(DeviceIndex device, const std::vector<std::string>& groups) {
    for (const std::string& group : groups) {
        std::vector<DeviceIndex>& members = members_[group];
        const auto place = std::lower_bound(members.begin(), members.end(), device);
        if (place == members.end() || *place != device) members.insert(place, device);
    }
}

void GroupIndex::remove(DeviceIndex device, const std::vector<std::string>& groups) {
    for (const std::string& group : groups) {
        const auto found = members_.find(group);
        if (found == members_.end()) continue;
        std::vector<DeviceIndex>& members = found->second;
        const auto place = std::lower_bound(members.begin(), members.end(), device);
        if (place != members.end() && *place == device) members.erase(place);
        if (members.empty()) members_.erase(found);
    }
}

std::size_t GroupIndex::count(std::string_view group) const {
    const auto found = members_.find(group);
    return found == members_.end() ? 0 : found->second.size();
}

std::vector<DeviceIndex> GroupIndex::page(std::string_view group, DeviceIndex from,
                                          std::size_t limit) const {
    const auto found = members_.find(group);
    if (found == members_.end()) return {};
    const std::vector<DeviceIndex>& members = found->second;
    const auto first = std::lower_bound(members.begin(), members.end(), from);
    const auto count =
        std::min<std::size_t>(limit, static_cast<std::size_t>(members.end() - first));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace scef::adapter
