#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <netinet/in.h>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::bench {

/// A UDP socket on 127.0.0.1 that sends and receives many datagrams with one system call. On the
/// thread that runs the context.
class DatagramPort {
public:
    using OnDatagram = std::function<void(ByteView octets, const sockaddr_in& peer)>;

    DatagramPort(boost::asio::io_context& context, OnDatagram on_datagram);

    std::uint16_t port() const { return port_; }
    /// Goes out with others, at the latest after the running handler.
    void send(const sockaddr_in& peer, Bytes octets);

private:
    struct Outgoing {
        sockaddr_in peer;
        Bytes octets;
    };
    void flush();
    void wait_readable();
    void receive();

    boost::asio::posix::stream_descriptor descriptor_;
    OnDatagram on_datagram_;
    std::uint16_t port_ = 0;
    std::vector<Outgoing> outgoing_;
    bool flush_due_ = false;
};

}  // namespace scef::bench
