#pragma once

#include <string>
#include <utility>
#include <vector>

namespace scef::adapter {

/// The files of `site/` as the build read them: names and texts.
std::vector<std::pair<std::string, std::string>> console_texts();

}  // namespace scef::adapter
