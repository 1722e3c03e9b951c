#include "simulators/modem-simulator/udp_socket.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::modem_simulator {
namespace {

socklen_t to_system(const SocketAddress& address, sockaddr_storage& storage) {
    std::memset(&storage, 0, sizeof storage);
    if (address.is_ipv6) {
        sockaddr_in6 system{};
        system.sin6_family = AF_INET6;
        system.sin6_port = htons(address.port);
        std::copy(address.octets.begin(), address.octets.end(), system.sin6_addr.s6_addr);
        std::memcpy(&storage, &system, sizeof system);
        return sizeof system;
    }
    sockaddr_in system{};
    system.sin_family = AF_INET;
    system.sin_port = htons(address.port);
    system.sin_addr.s_addr = htonl(address.ipv4_address());
    std::memcpy(&storage, &system, sizeof system);
    return sizeof system;
}

SocketAddress from_system(const sockaddr_storage& storage) {
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 system{};
        std::memcpy(&system, &storage, sizeof system);
        SocketAddress address;
        address.is_ipv6 = true;
        address.port = ntohs(system.sin6_port);
        std::copy_n(system.sin6_addr.s6_addr, address.octets.size(), address.octets.begin());
        return address;
    }
    sockaddr_in system{};
    std::memcpy(&system, &storage, sizeof system);
    return SocketAddress::ipv4(ntohl(system.sin_addr.s_addr), ntohs(system.sin_port));
}

sockaddr* generic(sockaddr_storage& storage) {
    return static_cast<sockaddr*>(static_cast<void*>(&storage));
}

}  // namespace

Result<SocketAddress> parse_address(std::string_view text) {
    const auto refuse = [&] {
        return fail(Errc::invalid_argument,
                    "`" + std::string(text) + "` is no address; expected one like 127.0.0.1:7000");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return refuse();
    std::string host(text.substr(0, colon));
    const std::string_view port_text = text.substr(colon + 1);
    std::uint16_t port = 0;
    const char* const end = port_text.data() + port_text.size();
    const auto [rest, error] = std::from_chars(port_text.data(), end, port);
    if (error != std::errc{} || rest != end) return refuse();
    if (host == "localhost") host = "127.0.0.1";
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        SocketAddress address;
        address.is_ipv6 = true;
        address.port = port;
        const std::string inner = host.substr(1, host.size() - 2);
        if (inet_pton(AF_INET6, inner.c_str(), address.octets.data()) != 1) return refuse();
        return address;
    }
    in_addr system{};
    if (inet_pton(AF_INET, host.c_str(), &system) != 1) return refuse();
    return SocketAddress::ipv4(ntohl(system.s_addr), port);
}

Result<UdpSocket> UdpSocket::bind(const SocketAddress& local, int buffer_bytes) {
    const int family = local.is_ipv6 ? AF_INET6 : AF_INET;
    const int descriptor = ::socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return fail(Errc::internal, std::string("no UDP socket: ") + std::strerror(errno));
    UdpSocket socket(descriptor);
    // Best effort: without privilege the system's limit holds, and bursts are repeated by the
    // modems.
    for (const int option : {SO_RCVBUF, SO_SNDBUF, SO_RCVBUFFORCE, SO_SNDBUFFORCE}) {
        (void)::setsockopt(descriptor, SOL_SOCKET, option, &buffer_bytes, sizeof buffer_bytes);
    }
    sockaddr_storage storage{};
    const socklen_t size = to_system(local, storage);
    if (::bind(descriptor, generic(storage), size) != 0) {
        return fail(Errc::conflict,
                    "cannot listen on " + local.text() + ": " + std::strerror(errno));
    }
    return socket;
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

UdpSocket::~UdpSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

SocketAddress UdpSocket::local() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(descriptor_, generic(storage), &size) != 0) return {};
    return from_system(storage);
}

bool UdpSocket::send(ByteView datagram, const SocketAddress& to) const {
    sockaddr_storage storage{};
    const socklen_t size = to_system(to, storage);
    return ::sendto(descriptor_, datagram.data(), datagram.size(), 0, generic(storage), size) >= 0;
}

std::optional<UdpSocket::Received> UdpSocket::receive(std::span<std::uint8_t> buffer) const {
    while (true) {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        const ssize_t read =
            ::recvfrom(descriptor_, buffer.data(), buffer.size(), 0, generic(storage), &size);
        if (read >= 0) return Received{static_cast<std::size_t>(read), from_system(storage)};
        // An ICMP error of an earlier datagram says only that the other side is not there yet.
        if (errno != EINTR && errno != ECONNREFUSED) return std::nullopt;
    }
}

}  // namespace scef::modem_simulator
