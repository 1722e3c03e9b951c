#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include <netinet/in.h>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/modem-link/frame.h"

namespace scef::scef_simulator {

/// The UDP end of the modem link: one thread receives, one sends. Each modem is answered where its
/// last frame came from.
class ModemSocket {
public:
    /// Called by the receiving thread.
    using Received = std::function<void(const modem_link::Frame&)>;

    explicit ModemSocket(Received received) : received_(std::move(received)) {}
    ~ModemSocket();
    ModemSocket(const ModemSocket&) = delete;
    ModemSocket& operator=(const ModemSocket&) = delete;

    /// Listens on `host:port` (an IPv4 address), port 0 for any, and answers the port.
    Result<std::uint16_t> start(const std::string& address);
    void stop();

    /// Never blocks; a frame for a modem that never showed itself is dropped. Any thread.
    void send(modem_link::Frame frame);

    /// Datagrams that were no frame.
    std::uint64_t malformed() const { return malformed_; }

private:
    void receive();
    void transmit();
    void remember(const std::string& external_id, const sockaddr_in& peer);

    Received received_;
    int socket_ = -1;
    std::atomic<bool> stopped_{false};
    std::atomic<std::uint64_t> malformed_{0};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<modem_link::Frame> outgoing_;
    std::unordered_map<std::string, sockaddr_in> peers_;
    std::thread receiver_;
    std::thread sender_;
};

}  // namespace scef::scef_simulator
