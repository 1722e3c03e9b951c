#pragma once

#include <string>
#include <string_view>

namespace scef::ctl {

/// The target that a `Link` header names as `rel="next"` (RFC 8288), if it is a path of the same
/// server; empty otherwise: this was the last page.
std::string next_page(std::string_view link);

}  // namespace scef::ctl
