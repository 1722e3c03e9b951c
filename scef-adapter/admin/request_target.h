#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

/// A request target taken apart (RFC 3986 3.3, 3.4), strictly. Pure.
namespace scef::adapter {

/// The segments of a path with percent-encoding undone: `/devices/a%40b` is {`devices`, `a@b`}.
/// `malformed`: broken encoding, an encoded slash, backslash or control character, `.` and `..`.
Result<std::vector<std::string>> path_segments(std::string_view path);

using QueryParameters = std::map<std::string, std::string, std::less<>>;

/// The parameters of a query; `malformed` for broken encoding, a repeated name or more than 16.
Result<QueryParameters> query_parameters(std::string_view query);

/// A segment as it may stand in a path: everything but unreserved characters and `@` is encoded.
std::string encode_segment(std::string_view text);

}  // namespace scef::adapter
