#pragma once

#include <string_view>

namespace scef::adapter {

/// The commit that the build was configured from, shortened; `unknown` outside a repository.
std::string_view build_commit();

}  // namespace scef::adapter
