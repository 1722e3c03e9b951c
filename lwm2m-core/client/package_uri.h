#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::client {

/// Where a package is pulled from: the server at the far end of the pipe is the only host that a
/// non-IP device reaches, so host and port of the URI stay unused.
struct PackageUri {
    std::vector<std::string> path;   ///< Uri-Path, decoded
    std::vector<std::string> query;  ///< Uri-Query, decoded
};

/// What cannot be pulled, as Update Result says it (object 5, resource 5).
enum class PackageUriProblem : std::uint8_t { invalid, unsupported_protocol };

/// Reads `coap://host/path?query` (RFC 7252 6.4; `coap+nidd` is taken as well).
tl::expected<PackageUri, PackageUriProblem> parse_package_uri(std::string_view text);

}  // namespace scef::client
