#include "tests/bench/load/datagram_port.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <boost/asio/post.hpp>
#include <sys/socket.h>

namespace scef::bench {
namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t datagram_octets_max = 2048;
constexpr int buffer_octets = 4 * 1024 * 1024;

struct Buffers {
    std::array<std::array<std::uint8_t, datagram_octets_max>, batch> octets;
    std::array<sockaddr_in, batch> peers;
    std::array<iovec, batch> vectors;
    std::array<mmsghdr, batch> messages;
};

Buffers& buffers() {
    static thread_local const std::unique_ptr<Buffers> one = std::make_unique<Buffers>();
    return *one;
}

}  // namespace

DatagramPort::DatagramPort(boost::asio::io_context& context, OnDatagram on_datagram)
    : descriptor_(context), on_datagram_(std::move(on_datagram)) {
    const int descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    descriptor_.assign(descriptor);
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer_octets, sizeof buffer_octets);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* native = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor, native, length) != 0 ||
        ::getsockname(descriptor, native, &length) != 0) {
        throw std::runtime_error("no UDP port on 127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    wait_readable();
}

void DatagramPort::send(const sockaddr_in& peer, Bytes octets) {
    outgoing_.push_back({peer, std::move(octets)});
    if (outgoing_.size() >= batch) return flush();
    if (std::exchange(flush_due_, true)) return;
    boost::asio::post(descriptor_.get_executor(), [this] {
        flush_due_ = false;
        flush();
    });
}

/// A full socket buffer loses what does not fit, as a network does.
void DatagramPort::flush() {
    Buffers& b = buffers();
    for (std::size_t first = 0; first < outgoing_.size(); first += batch) {
        const std::size_t count = std::min(batch, outgoing_.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            Outgoing& one = outgoing_[first + i];
            b.vectors[i] = {one.octets.data(), one.octets.size()};
            b.messages[i] = {};
            b.messages[i].msg_hdr.msg_name = &one.peer;
            b.messages[i].msg_hdr.msg_namelen = sizeof one.peer;
            b.messages[i].msg_hdr.msg_iov = &b.vectors[i];
            b.messages[i].msg_hdr.msg_iovlen = 1;
        }
        ::sendmmsg(descriptor_.native_handle(), b.messages.data(), static_cast<unsigned>(count),
                   MSG_NOSIGNAL);
    }
    outgoing_.clear();
}

void DatagramPort::wait_readable() {
    descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [this](const boost::system::error_code& error) {
                               if (error) return;
                               receive();
                               wait_readable();
                           });
}

void DatagramPort::receive() {
    Buffers& b = buffers();
    for (std::size_t i = 0; i < batch; ++i) {
        b.vectors[i] = {b.octets[i].data(), b.octets[i].size()};
        b.messages[i] = {};
        b.messages[i].msg_hdr.msg_name = &b.peers[i];
        b.messages[i].msg_hdr.msg_namelen = sizeof b.peers[i];
        b.messages[i].msg_hdr.msg_iov = &b.vectors[i];
        b.messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int count =
        ::recvmmsg(descriptor_.native_handle(), b.messages.data(), batch, MSG_DONTWAIT, nullptr);
    // What is told may send, and sending uses the same buffers' headers but not their octets.
    std::array<std::size_t, batch> sizes{};
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        sizes[at] = b.messages[at].msg_len;
    }
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        on_datagram_({b.octets[at].data(), sizes[at]}, b.peers[at]);
    }
}

}  // namespace scef::bench
