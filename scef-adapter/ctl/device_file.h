#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "scef-adapter/ctl/text_file.h"

namespace scef::ctl {

/// One device of an import file: a provisioning object for the API.
struct DeviceLine {
    std::size_t line = 0;  ///< from 1
    std::string external_id;
    nlohmann::json body;
};

struct DeviceFile {
    std::vector<DeviceLine> devices;
    std::vector<LineMistake> mistakes;
};

/// Reads a whole import file: JSON lines if its first line that is not empty begins with `{`, else
/// CSV whose first line names the columns. Empty lines and lines with `#` are skipped. Groups in
/// CSV are separated by semicolons. Every line is looked at, whatever the ones before it had.
DeviceFile read_devices(std::string_view text);

}  // namespace scef::ctl
