#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::lwm2m_server_simulator::testing {

/// A device made of nothing but a UDP socket: what it says are hand-written octets.
class RawClient {
public:
    /// Binds `ip` (of 127/8) at `port`, 0 for a free one; `server` is `ip:port`.
    explicit RawClient(const std::string& server, const std::string& ip = "127.0.0.1",
                       int port = 0);
    ~RawClient();
    RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

    void send(ByteView octets) const;
    void send_hex(std::string_view hex) const { send(from_hex(hex)); }
    /// The next datagram of the server, from its address only; empty after 5 s without one.
    Bytes receive() const;
    /// Is nothing there to be received now?
    bool is_silent() const;

    std::string address() const;

private:
    int socket_ = -1;
};

/// CON POST with message id 0x1234 and token 0x77, the octets written by hand:
/// `/rd?ep=…&lt=60&lwm2m=1.1&b=U` with `</3/0>`.
Bytes register_octets(const std::string& endpoint, std::uint16_t message_id = 0x1234);

/// `/rd/x` of the Location-Path in a 2.01.
std::string location_in(ByteView answer);

/// An answer to `request` of that type and code: same token; message id that of `request` in an
/// ACK, else `message_id`. `tail` is options and payload in hexadecimal.
Bytes answer_octets(ByteView request, unsigned type, std::uint8_t code, std::string_view tail,
                    std::uint16_t message_id = 0);

}  // namespace scef::lwm2m_server_simulator::testing
