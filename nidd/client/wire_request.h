#pragma once

#include <string>
#include <utility>
#include <vector>

namespace scef::nidd {

/// One HTTP/1.1 request before it is serialised. Its texts come from us: they hold no CR or LF.
struct WireRequest {
    std::string method;
    std::string target;
    std::string content_type;  ///< empty for a request without body
    std::string body;
    std::string bearer;  ///< access token; empty: no Authorization
    std::vector<std::pair<std::string, std::string>> fields{};  ///< further ones
};

/// The octets of a request to `authority` (RFC 9112 3, 6.2).
std::string to_wire(const WireRequest& request, const std::string& authority);

}  // namespace scef::nidd
