#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "queueing/message.h"

namespace scef::adapter {

/// Which devices of a shard are members of a group, by the group's name. Not stored: it follows
/// from the devices. Four octets for each membership. Part of an Engine; pure.
class GroupIndex {
public:
    void add(queueing::DeviceIndex device, const std::vector<std::string>& groups);
    void remove(queueing::DeviceIndex device, const std::vector<std::string>& groups);

    std::size_t count(std::string_view group) const;
    /// In order of their index, from `from` on.
    std::vector<queueing::DeviceIndex> page(std::string_view group, queueing::DeviceIndex from,
                                            std::size_t limit) const;

private:
    std::map<std::string, std::vector<queueing::DeviceIndex>, std::less<>> members_;  ///< sorted
};

}  // namespace scef::adapter
