#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::ctl {

/// The fields of one CSV line (RFC 4180 2, without line breaks inside a field): separated by
/// commas, quoted where needed, blanks around unquoted fields left out.
Result<std::vector<std::string>> csv_fields(std::string_view line);

}  // namespace scef::ctl
