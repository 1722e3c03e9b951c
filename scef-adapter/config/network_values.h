#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"

/// Addresses of a configuration from their text. The errors say what to write instead.
namespace scef::adapter {

/// An address block; the port is 0.
struct AddressBlock {
    SocketAddress address;
    unsigned length = 0;  ///< of the prefix, in bits

    unsigned host_bits() const { return (address.is_ipv6 ? 128 : 32) - length; }
};

/// An IPv4 or IPv6 address without port; nothing if it is none.
std::optional<SocketAddress> parse_address(std::string_view text);
/// `127.0.0.0/8`, `fd00::/64` or a single address. Bits behind the prefix must be zero.
Result<AddressBlock> parse_address_block(std::string_view text);
/// The same, in its one form `address/length`.
Result<std::string> parse_cidr(std::string_view text);
/// `127.0.0.1:9080` or `[::1]:9080`.
Result<SocketAddress> parse_socket_address(std::string_view text);
Result<std::string> parse_listen(std::string_view text);
/// An http or https URL without user, query and fragment; without slashes at its end.
Result<std::string> parse_http_url(std::string_view text);
/// An absolute path without query: `/3gpp-nidd/v1`; without slashes at its end.
Result<std::string> parse_http_path(std::string_view text);
/// A domain in lower case, or `*`.
Result<std::string> parse_domain(std::string_view text);

/// `coap://host:port`: the host as it was written, in lower case, without brackets.
struct CoapUri {
    std::string host;
    std::uint16_t port = 5683;
    std::optional<SocketAddress> address;  ///< with its port, if the host is an address

    std::string text() const;
};
Result<CoapUri> parse_coap_uri(std::string_view text);

/// Whether it can only be reached from this machine.
bool is_loopback(const SocketAddress& address);

}  // namespace scef::adapter
