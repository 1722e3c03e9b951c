#pragma once

#include <cstdint>
#include <functional>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"

namespace scef::adapter {

/// One datagram, with both of its addresses.
struct Datagram {
    SocketAddress local;  ///< the address it was sent to, or shall come from
    SocketAddress peer;
    Bytes octets;
};

/// One UDP socket that is bound to a port on every address and tells, for each datagram, which of
/// them it was sent to; it sends from any of them (IP_PKTINFO, IPV6_PKTINFO with IPV6_FREEBIND).
/// Belongs to one thread.
class DatagramSocket {
public:
    /// Port 0 picks one. The error is a sentence for a person at start-up.
    static Result<DatagramSocket> open(bool ipv6, std::uint16_t port);

    DatagramSocket(DatagramSocket&& other) noexcept;
    DatagramSocket& operator=(DatagramSocket&&) = delete;
    ~DatagramSocket();

    int descriptor() const { return descriptor_; }
    std::uint16_t port() const { return port_; }

    /// Takes what the socket holds, at most `limit` datagrams, without blocking; says how many.
    std::size_t receive(std::size_t limit, const std::function<void(Datagram)>& take);
    /// Sends without blocking. A full buffer or an unreachable peer is a loss like any other on
    /// UDP.
    bool send(const Datagram& datagram);

    /// Datagrams that the kernel dropped because its buffer was full (SO_RXQ_OVFL).
    std::uint64_t dropped() const { return dropped_; }

private:
    DatagramSocket(int descriptor, bool ipv6, std::uint16_t port)
        : descriptor_(descriptor), ipv6_(ipv6), port_(port) {}

    int descriptor_ = -1;
    bool ipv6_ = false;
    std::uint16_t port_ = 0;
    std::uint32_t dropped_ = 0;
};

}  // namespace scef::adapter
