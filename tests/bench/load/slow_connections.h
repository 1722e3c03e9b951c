#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::bench {

/// Connections that never finish a request: one half sends an octet of its header twice a second,
/// the other falls silent in it. Each that the server ends is made anew. From several addresses of
/// the loopback, so that no cap of one address ends them earlier. On the thread that runs the
/// context.
class SlowConnections {
public:
    SlowConnections(boost::asio::io_context& context, std::vector<std::uint16_t> ports,
                    std::size_t connections);
    ~SlowConnections();

    void open();
    void close();
    /// Connected, and not ended by the server.
    std::size_t now_open() const { return open_; }
    /// By the server, so far.
    std::uint64_t ended() const { return ended_; }

    class Connection;

private:
    friend class Connection;

    std::vector<std::shared_ptr<Connection>> connections_;
    bool running_ = false;
    std::size_t open_ = 0;
    std::uint64_t ended_ = 0;
};

}  // namespace scef::bench
