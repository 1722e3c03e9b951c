#pragma once

#include <cstdint>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "tests/bench/load/fleet.h"
#include "tests/bench/load/http_clients.h"
#include "tests/bench/load/latency_histogram.h"

namespace scef::bench {

struct UplinkFigures {
    std::uint64_t taken = 0;      ///< answered 204
    std::uint64_t refused = 0;    ///< answered otherwise, or not at all
    std::uint64_t forwarded = 0;  ///< arrived at the LwM2M server
    LatencyHistogram to_answer;
    LatencyHistogram to_server;
};

/// The devices of a run, as the SCEF reports them to the adapter: they answer what reaches them,
/// and notify by themselves. On the thread that runs the context.
class DeviceLoad {
public:
    DeviceLoad(boost::asio::io_context& context, const Fleet& fleet, std::uint16_t port,
               std::size_t connections);

    /// The answer to a request that reached a device: piggybacked, 2.04. Nothing for others.
    void answer(std::size_t device, ByteView request);
    /// Notifications of the fleet's first devices, one after the other, so many open at a time.
    void start(std::size_t open, std::size_t devices);
    void stop() { running_ = false; }
    /// One notification; not counted.
    void notify_once(std::size_t device, HttpClients::Done done);
    void reached_server(std::uint64_t sequence);

    UplinkFigures take_figures();

private:
    using Clock = std::chrono::steady_clock;

    void notify(std::size_t device, Bytes octets, HttpClients::Done done);
    void send_one();
    Bytes notification();

    const Fleet& fleet_;
    HttpClients clients_;
    bool running_ = false;
    std::size_t devices_ = 0;
    std::uint64_t sequence_ = 0;
    std::vector<Clock::time_point> sent_;
    UplinkFigures figures_;
};

}  // namespace scef::bench
