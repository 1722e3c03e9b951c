#include "simulators/lwm2m-server-simulator/datagram_tap.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace scef::lwm2m_server_simulator {
namespace {

thread_local DatagramTap* thread_tap = nullptr;

/// libcoap reads and writes a datagram as one piece; anything else is not its and passes unseen.
bool is_one_piece(const msghdr* message) {
    return thread_tap != nullptr && message != nullptr && message->msg_iovlen == 1;
}

ByteView first_octets(const msghdr* message, long count) {
    const auto* const begin = static_cast<const std::uint8_t*>(message->msg_iov[0].iov_base);
    return {begin, static_cast<std::size_t>(count)};
}

}  // namespace

void set_thread_tap(DatagramTap* tap) { thread_tap = tap; }

}  // namespace scef::lwm2m_server_simulator

using scef::lwm2m_server_simulator::first_octets;
using scef::lwm2m_server_simulator::is_one_piece;
using scef::lwm2m_server_simulator::thread_tap;

extern "C" ssize_t sendmsg(int fd, const msghdr* message, int flags) {
    const long sent = ::syscall(SYS_sendmsg, fd, message, flags);
    if (sent > 0 && is_one_piece(message)) {
        unsigned copies = thread_tap->on_datagram_out(
            first_octets(message, sent), static_cast<const sockaddr*>(message->msg_name),
            message->msg_namelen);
        for (; copies > 0; --copies) (void)::syscall(SYS_sendmsg, fd, message, flags);
    }
    return sent;
}

extern "C" ssize_t recvmsg(int fd, msghdr* message, int flags) {
    const long received = ::syscall(SYS_recvmsg, fd, message, flags);
    if (received > 0 && is_one_piece(message) && message->msg_name != nullptr) {
        thread_tap->on_datagram_in(first_octets(message, received),
                                   static_cast<const sockaddr*>(message->msg_name),
                                   message->msg_namelen);
    }
    return received;
}
