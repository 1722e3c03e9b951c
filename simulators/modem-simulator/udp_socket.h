#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"

namespace scef::modem_simulator {

/// Reads `127.0.0.1:7000` or `[::1]:7000`; `localhost` is 127.0.0.1. Names are not resolved.
Result<SocketAddress> parse_address(std::string_view text);

/// A UDP socket that never blocks. Owns its descriptor.
class UdpSocket {
public:
    /// Bound to `local` (port 0: the system chooses), with receive and send buffers of
    /// `buffer_bytes`.
    static Result<UdpSocket> bind(const SocketAddress& local, int buffer_bytes);

    UdpSocket(UdpSocket&& other) noexcept;
    UdpSocket& operator=(UdpSocket&& other) noexcept;
    ~UdpSocket();

    int descriptor() const { return descriptor_; }
    SocketAddress local() const;
    /// False if the system took it not; a datagram may get lost anyway. Any thread.
    bool send(ByteView datagram, const SocketAddress& to) const;

    struct Received {
        std::size_t size = 0;
        SocketAddress from;
    };
    /// One datagram that is there, or nothing.
    std::optional<Received> receive(std::span<std::uint8_t> buffer) const;

private:
    explicit UdpSocket(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace scef::modem_simulator
