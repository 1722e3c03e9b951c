#pragma once

#include <array>
#include <chrono>
#include <optional>

#include <gtest/gtest.h>
#include <poll.h>

#include "simulators/modem-link/frame.h"
#include "simulators/modem-simulator/udp_socket.h"

namespace scef::modem_simulator {

/// A datagram that arrives within 10 s, or a failure.
inline std::optional<Bytes> wait_for_datagram(const UdpSocket& socket,
                                              SocketAddress* from = nullptr) {
    pollfd watched{socket.descriptor(), POLLIN, 0};
    if (::poll(&watched, 1, 10'000) != 1) {
        ADD_FAILURE() << "nothing arrived within 10 s";
        return std::nullopt;
    }
    std::array<std::uint8_t, 65536> buffer{};
    const auto received = socket.receive(buffer);
    if (!received) return std::nullopt;
    if (from != nullptr) *from = received->from;
    return Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(received->size));
}

inline UdpSocket loopback_socket() {
    return std::move(*UdpSocket::bind(SocketAddress::ipv4(0x7f000001, 0), 65536));
}

/// The network's end of the modem link on a real socket, played by the test. It lets every modem in
/// and acknowledges every uplink.
class FakeScef {
public:
    SocketAddress address() const { return socket_.local(); }

    /// The next frame of that kind; others are skipped.
    modem_link::Frame next(modem_link::Kind kind) {
        while (const auto datagram = wait_for_datagram(socket_, &modem_)) {
            const auto frame = modem_link::parse(as_text(*datagram));
            if (!frame) continue;
            reply_to(*frame);
            if (frame->kind == kind) return *frame;
        }
        return {};
    }

    void send(const modem_link::Frame& frame) {
        socket_.send(as_bytes(modem_link::serialize(frame)), modem_);
    }

private:
    void reply_to(const modem_link::Frame& frame) {
        using modem_link::Kind;
        if (frame.kind == Kind::attach)
            send({Kind::attached, frame.external_id, 0, frame.state, {}, {}});
        if (frame.kind == Kind::uplink)
            send({Kind::ack, frame.external_id, frame.sequence, {}, {}, {}});
    }

    UdpSocket socket_ = loopback_socket();
    SocketAddress modem_;
};

}  // namespace scef::modem_simulator
