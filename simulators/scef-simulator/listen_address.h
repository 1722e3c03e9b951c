#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::scef_simulator {

/// `host:port` of a listener.
struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;
};

/// Reads `host:port`, the host of an IPv6 address in brackets.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace scef::scef_simulator
