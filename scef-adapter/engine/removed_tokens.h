#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// The tokens of which devices that were removed may still speak, should one of them be added again
/// soon. In memory only: a restart takes about as long as an answer. Pure.
class RemovedTokens {
public:
    void remember(const std::string& external_id, std::vector<SpentToken> tokens, WallTime now) {
        if (devices_.size() >= devices_max) {
            std::erase_if(devices_, [now](const auto& device) {
                const auto& spent = device.second;
                return std::all_of(spent.begin(), spent.end(),
                                   [now](const SpentToken& one) { return one.until <= now; });
            });
        }
        if (devices_.size() >= devices_max) devices_.erase(devices_.begin());
        if (!tokens.empty()) devices_[external_id] = std::move(tokens);
    }
    std::vector<SpentToken> take(const std::string& external_id) {
        auto node = devices_.extract(external_id);
        return node.empty() ? std::vector<SpentToken>() : std::move(node.mapped());
    }

private:
    static constexpr std::size_t devices_max = 1024;

    std::map<std::string, std::vector<SpentToken>> devices_;
};

}  // namespace scef::adapter
