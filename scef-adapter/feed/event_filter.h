#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "scef-adapter/feed/feed_item.h"

namespace scef::adapter {

/// Which events somebody wants.
struct EventFilter {
    std::vector<std::string> types;  ///< empty: all
    std::string device;              ///< External Identifier; empty: all

    bool admits(const FeedItem& item) const {
        const bool is_of_device = device.empty() || item.device == device;
        return is_of_device && (types.empty() || std::find(types.begin(), types.end(),
                                                           item.type) != types.end());
    }
};

}  // namespace scef::adapter
