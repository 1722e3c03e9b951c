#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::lwm2m_server_simulator {

/// A listening address: an IP address as text (IPv6 without brackets) and a port; port 0 lets the
/// system choose.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};

/// Reads `127.0.0.1:5683` or `[::1]:5683`; names are refused, nothing is looked up.
Result<HostPort> parse_host_port(std::string_view text);

/// The same form back.
std::string to_text(const HostPort& address);

}  // namespace scef::lwm2m_server_simulator
