#include <algorithm>
#include <memory>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "scef-adapter/runtime/daemon.h"

namespace scef::adapter {
namespace {

struct HostPort {
    std::string host, port = "5683";
};

/// Splits `coap://host[:port]`, `coap://[v6]:port`; the configuration has checked the form.
HostPort host_port_of(const std::string& uri) {
    std::string authority = uri.substr(uri.find("://") + 3);
    authority = authority.substr(0, authority.find('/'));
    HostPort result;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        result.host = authority.substr(1, end - 1);
        if (end + 2 < authority.size()) result.port = authority.substr(end + 2);
        return result;
    }
    const std::size_t colon = authority.rfind(':');
    result.host = authority.substr(0, colon);
    if (colon != std::string::npos) result.port = authority.substr(colon + 1);
    return result;
}

SocketAddress address_of(const addrinfo& info) {
    if (info.ai_family == AF_INET6) {
        const auto* native = reinterpret_cast<const sockaddr_in6*>(info.ai_addr);
        SocketAddress address;
        address.is_ipv6 = true;
        std::copy_n(native->sin6_addr.s6_addr, 16, address.octets.begin());
        address.port = ntohs(native->sin6_port);
        return address;
    }
    const auto* native = reinterpret_cast<const sockaddr_in*>(info.ai_addr);
    return SocketAddress::ipv4(ntohl(native->sin_addr.s_addr), ntohs(native->sin_port));
}

}  // namespace

Status resolve_servers(Config& config) {
    const bool wants_ipv6 = config.virtual_endpoints.prefix.find(':') != std::string::npos;
    for (LwM2mServerConfig& server : config.lwm2m_servers) {
        const HostPort target = host_port_of(server.uri);
        addrinfo hints{};
        hints.ai_family = wants_ipv6 ? AF_INET6 : AF_INET;
        hints.ai_socktype = SOCK_DGRAM;
        addrinfo* found = nullptr;
        if (::getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &found) != 0) {
            return fail(
                Errc::unavailable,
                "lwm2m_servers: " + server.name + ": " + target.host + " has no " +
                    (wants_ipv6 ? "IPv6" : "IPv4") +
                    " address; virtual_endpoints.prefix and the server must be of one family");
        }
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
        server.address = address_of(*found);
        if (server.sources.empty()) {
            server.sources.push_back(server.address.address_text() + (wants_ipv6 ? "/128" : "/32"));
        }
    }
    return {};
}

}  // namespace scef::adapter
