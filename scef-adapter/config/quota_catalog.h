#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// Quotas that were given in full at run time (`PUT /quotas/{scope}`), by their text: JSON in the
/// grammar of `quotas.NAME` of the configuration file. Each is read once and kept as long as the
/// process lives, for devices point to it. Thread-safe.
class QuotaCatalog {
public:
    /// The error names the key and what to write instead.
    Result<const NamedQuota*> find(std::string_view text);

private:
    std::mutex mutex_;
    std::map<std::string, QuotaConfig, std::less<>> quotas_;
};

}  // namespace scef::adapter
