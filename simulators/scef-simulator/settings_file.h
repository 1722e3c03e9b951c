#pragma once

#include <string>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/settings.h"

namespace scef::scef_simulator {

/// Reads a YAML file over `settings`: the long options without dashes, `-` written as `_`, and the
/// groups `timers`, `link`, `notifications`, `triggers`, `auth`, `tls`, `faults` and `ues`. An
/// unknown key or a bad value is an error with file, line and key.
Status read_settings_file(const std::string& path, Settings& settings);

/// The same for a text; `name` stands for the file in errors.
Status read_settings(const std::string& text, const std::string& name, Settings& settings);

/// A file with a list of fault rules (YAML or JSON), as the control API takes them.
Result<std::vector<Fault>> read_faults_file(const std::string& path);

}  // namespace scef::scef_simulator
