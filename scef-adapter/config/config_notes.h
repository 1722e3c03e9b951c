#pragma once

#include <string>
#include <vector>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// What is allowed but may surprise, each a sentence for the log at start and for --check-config.
std::vector<std::string> config_notes(const Config& config);

}  // namespace scef::adapter
