#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "scef-adapter/ctl/api_client.h"
#include "scef-adapter/ctl/device_file.h"

namespace scef::ctl {

struct ImportSummary {
    std::size_t created = 0, unchanged = 0;
    std::vector<LineMistake> failed;  ///< by line
};

/// Provisions devices one by one over `connections` connections at once. `progress` is told how
/// many are done, from any thread, one call at a time. Once the adapter cannot be reached, the rest
/// fails without being tried.
Result<ImportSummary> import_devices(const ApiAddress& address,
                                     const std::vector<DeviceLine>& devices,
                                     std::size_t connections,
                                     const std::function<void(std::size_t done)>& progress);

}  // namespace scef::ctl
