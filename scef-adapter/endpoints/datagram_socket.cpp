#include "scef-adapter/endpoints/datagram_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::adapter {
namespace {

constexpr std::size_t batch = 32;
constexpr std::size_t datagram_octets_max = 65536;
constexpr int receive_buffer_octets = 4 * 1024 * 1024;
constexpr std::size_t control_octets = 128;

sockaddr_storage to_native(const SocketAddress& address, bool ipv6, socklen_t& length) {
    sockaddr_storage storage{};
    if (ipv6) {
        auto* native = reinterpret_cast<sockaddr_in6*>(&storage);
        native->sin6_family = AF_INET6;
        native->sin6_port = htons(address.port);
        std::memcpy(&native->sin6_addr, address.octets.data(), 16);
        length = sizeof(sockaddr_in6);
    } else {
        auto* native = reinterpret_cast<sockaddr_in*>(&storage);
        native->sin_family = AF_INET;
        native->sin_port = htons(address.port);
        native->sin_addr.s_addr = htonl(address.ipv4_address());
        length = sizeof(sockaddr_in);
    }
    return storage;
}

SocketAddress from_native(const sockaddr_storage& storage) {
    if (storage.ss_family == AF_INET6) {
        const auto* native = reinterpret_cast<const sockaddr_in6*>(&storage);
        SocketAddress address;
        address.is_ipv6 = true;
        std::memcpy(address.octets.data(), &native->sin6_addr, 16);
        address.port = ntohs(native->sin6_port);
        return address;
    }
    const auto* native = reinterpret_cast<const sockaddr_in*>(&storage);
    return SocketAddress::ipv4(ntohl(native->sin_addr.s_addr), ntohs(native->sin_port));
}

void set_option(int descriptor, int level, int name, int value) {
    ::setsockopt(descriptor, level, name, &value, sizeof value);
}

/// Puts our own address of choice into the control data of an outgoing datagram.
template <typename Info>
void put_control(msghdr& message, int level, int type, const Info& info) {
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = CMSG_LEN(sizeof(Info));
    std::memcpy(CMSG_DATA(header), &info, sizeof(Info));
    message.msg_controllen = CMSG_SPACE(sizeof(Info));
}

/// Room for one batch of datagrams of any size; one for all sockets of a thread.
struct Buffers {
    std::array<std::array<std::uint8_t, datagram_octets_max>, batch> octets;
    std::array<std::array<char, control_octets>, batch> controls;
    std::array<sockaddr_storage, batch> peers;
    std::array<iovec, batch> vectors;
    std::array<mmsghdr, batch> messages;
};

Buffers& thread_buffers() {
    static thread_local const std::unique_ptr<Buffers> buffers = std::make_unique<Buffers>();
    return *buffers;
}

}  // namespace

DatagramSocket::DatagramSocket(DatagramSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      ipv6_(other.ipv6_),
      port_(other.port_),
      dropped_(other.dropped_) {}

DatagramSocket::~DatagramSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<DatagramSocket> DatagramSocket::open(bool ipv6, std::uint16_t port) {
    const auto refuse = [&](const char* step) {
        return fail(Errc::unavailable, "cannot open UDP port " + std::to_string(port) +
                                           " for virtual endpoints: " + step + ": " +
                                           std::strerror(errno));
    };
    const int descriptor =
        ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return refuse("socket");
    DatagramSocket socket(descriptor, ipv6, port);
    set_option(descriptor, SOL_SOCKET, SO_RCVBUF, receive_buffer_octets);
    set_option(descriptor, SOL_SOCKET, SO_RXQ_OVFL, 1);
    if (ipv6) {
        set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        set_option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
        set_option(descriptor, IPPROTO_IPV6, IPV6_FREEBIND, 1);
    } else {
        set_option(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
        set_option(descriptor, IPPROTO_IP, IP_FREEBIND, 1);
    }
    SocketAddress any;
    any.is_ipv6 = ipv6;
    any.port = port;
    socklen_t length = 0;
    sockaddr_storage native = to_native(any, ipv6, length);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&native), length) != 0)
        return refuse("bind");
    socklen_t size = sizeof native;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&native), &size) != 0) {
        return refuse("getsockname");
    }
    socket.port_ = from_native(native).port;
    return socket;
}

std::size_t DatagramSocket::receive(std::size_t limit, const std::function<void(Datagram)>& take) {
    Buffers& b = thread_buffers();
    std::size_t taken = 0;
    while (taken < limit) {
        const std::size_t wanted = std::min(batch, limit - taken);
        for (std::size_t i = 0; i < wanted; ++i) {
            b.vectors[i] = {b.octets[i].data(), b.octets[i].size()};
            b.messages[i] = {};
            msghdr& header = b.messages[i].msg_hdr;
            header.msg_name = &b.peers[i];
            header.msg_namelen = sizeof b.peers[i];
            header.msg_iov = &b.vectors[i];
            header.msg_iovlen = 1;
            header.msg_control = b.controls[i].data();
            header.msg_controllen = b.controls[i].size();
        }
        const int count = ::recvmmsg(descriptor_, b.messages.data(), static_cast<unsigned>(wanted),
                                     MSG_DONTWAIT, nullptr);
        if (count <= 0) return taken;
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
            msghdr& header = b.messages[i].msg_hdr;
            Datagram datagram;
            datagram.peer = from_native(b.peers[i]);
            bool has_local = false;
            for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
                if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
                    in_pktinfo info{};
                    std::memcpy(&info, CMSG_DATA(c), sizeof info);
                    datagram.local = SocketAddress::ipv4(ntohl(info.ipi_addr.s_addr), port_);
                    has_local = true;
                } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
                    in6_pktinfo info{};
                    std::memcpy(&info, CMSG_DATA(c), sizeof info);
                    datagram.local.is_ipv6 = true;
                    datagram.local.port = port_;
                    std::memcpy(datagram.local.octets.data(), &info.ipi6_addr, 16);
                    has_local = true;
                } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
                    std::memcpy(&dropped_, CMSG_DATA(c), sizeof dropped_);
                }
            }
            if (!has_local) continue;
            datagram.octets.assign(b.octets[i].begin(),
                                   b.octets[i].begin() + b.messages[i].msg_len);
            take(std::move(datagram));
        }
        taken += static_cast<std::size_t>(count);
        if (static_cast<std::size_t>(count) < wanted) return taken;
    }
    return taken;
}

bool DatagramSocket::send(const Datagram& datagram) {
    socklen_t length = 0;
    sockaddr_storage peer = to_native(datagram.peer, ipv6_, length);
    iovec vector{const_cast<std::uint8_t*>(datagram.octets.data()), datagram.octets.size()};
    alignas(cmsghdr) std::array<char, control_octets> control{};
    msghdr message{};
    message.msg_name = &peer;
    message.msg_namelen = length;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (ipv6_) {
        in6_pktinfo info{};
        std::memcpy(&info.ipi6_addr, datagram.local.octets.data(), 16);
        put_control(message, IPPROTO_IPV6, IPV6_PKTINFO, info);
    } else {
        in_pktinfo info{};
        info.ipi_spec_dst.s_addr = htonl(datagram.local.ipv4_address());
        put_control(message, IPPROTO_IP, IP_PKTINFO, info);
    }
    return ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

}  // namespace scef::adapter
