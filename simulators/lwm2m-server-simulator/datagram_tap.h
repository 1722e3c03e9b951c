#pragma once

#include <sys/socket.h>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::lwm2m_server_simulator {

/// Sees the datagrams of libcoap as they pass the socket. libcoap 4.3.1 tells its user neither of
/// an empty ACK nor of a retransmission and hands out no octets; this program needs all three, so
/// it defines `sendmsg` and `recvmsg` itself (datagram_tap.cpp) and looks on.
class DatagramTap {
public:
    virtual ~DatagramTap() = default;
    /// Called before libcoap reads it.
    virtual void on_datagram_in(ByteView octets, const sockaddr* peer, socklen_t peer_size) = 0;
    /// Called after it was sent; the answer is how many further identical copies to send at once.
    virtual unsigned on_datagram_out(ByteView octets, const sockaddr* peer,
                                     socklen_t peer_size) = 0;
};

/// Sets the tap of the calling thread, null for none. The tap must outlive its setting.
void set_thread_tap(DatagramTap* tap);

}  // namespace scef::lwm2m_server_simulator
