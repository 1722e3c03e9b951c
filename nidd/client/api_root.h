#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::nidd {

/// An `http` or `https` URL taken apart: where to connect, what `Host` says, where paths start.
/// Only configuration makes these; links out of messages are never connected to.
struct ApiRoot {
    bool tls = false;
    std::string host;  ///< a name or an address, IPv6 without brackets
    std::uint16_t port = 0;
    std::string path;  ///< begins with `/` or is empty; no `/` at its end

    /// Refuses other schemes, user information, fragments and characters outside RFC 3986.
    static Result<ApiRoot> parse(std::string_view url);

    /// `host[:port]` as the Host field wants it: the port is left out where it is the default.
    std::string authority() const;
    /// Same scheme, host (case-insensitive) and port.
    bool is_same_server(const ApiRoot& other) const;
};

}  // namespace scef::nidd
