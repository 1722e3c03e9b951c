#include "simulators/lwm2m-server-simulator/host_port.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace scef::lwm2m_server_simulator {

Result<HostPort> parse_host_port(std::string_view text) {
    const auto refuse = [text] {
        return fail(Errc::invalid_argument,
                    "'" + std::string(text) + "' is no address of the form 127.0.0.1:5683");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return refuse();
    std::string_view host = text.substr(0, colon);
    const std::string_view port_text = text.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);

    HostPort address{std::string(host), 0};
    std::array<std::uint8_t, 16> octets{};
    const int family = bracketed ? AF_INET6 : AF_INET;
    if (::inet_pton(family, address.host.c_str(), octets.data()) != 1) return refuse();

    const char* const end = port_text.data() + port_text.size();
    const auto read = std::from_chars(port_text.data(), end, address.port);
    if (port_text.empty() || read.ec != std::errc{} || read.ptr != end) return refuse();
    return address;
}

std::string to_text(const HostPort& address) {
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace scef::lwm2m_server_simulator
