#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "simulators/modem-simulator/device.h"
#include "simulators/modem-simulator/timer_heap.h"

namespace scef::modem_simulator {

/// Where a simulation's effects go: the link's socket, the taps' sockets, the terminals of the AT
/// modems, the live trace.
class Outside {
public:
    virtual ~Outside() = default;
    virtual void to_network(const modem_link::Frame& frame) = 0;
    virtual void to_tap(std::size_t device, ByteView datagram) = 0;
    virtual void to_terminal(std::size_t device, std::string_view text) = 0;
    virtual void trace(const Device& device, const LogEntry& entry) = 0;
};

/// Sums over all devices.
struct Totals {
    std::size_t devices = 0;
    std::size_t attached = 0;
    std::size_t registered = 0;
    std::uint64_t up = 0;
    std::uint64_t down = 0;
    std::uint64_t refused = 0;
    std::uint64_t lost = 0;
};

/// All devices of the program with their timers, by dense index. Knows no socket, clock or lock;
/// its owner lets one thread in at a time.
class Simulation {
public:
    explicit Simulation(Outside& outside) : outside_(outside) {}

    /// The new device's index; `conflict` if there is one with that External Identifier.
    Result<std::size_t> add(DeviceSettings settings);

    void on_link_datagram(std::string_view datagram, Turn& turn);
    void on_tap_datagram(std::size_t device, ByteView datagram, Turn& turn);
    void on_terminal_input(std::size_t device, std::string_view octets, Turn& turn);
    /// Runs what is due, at most `steps_max` devices so that the link is heard in between.
    void run_due(Turn& turn, std::size_t steps_max = 256);
    Instant due() { return timers_.next(); }

    std::size_t size() const { return devices_.size(); }
    const Device& device(std::size_t index) const { return *devices_[index]; }
    /// Runs `act(device)` for the device of that name and carries out its effects; `not_found` if
    /// there is none.
    template <typename Act>
    Status act(std::string_view external_id, Act&& act) {
        const auto index = find(external_id);
        if (!index) return tl::unexpected(index.error());
        Status status = act(*devices_[*index]);
        flush(*index);
        return status;
    }
    Result<std::size_t> find(std::string_view external_id) const;
    /// Switches every modem off.
    void detach_all(Turn& turn);
    Totals totals() const;

private:
    void flush(std::size_t index);

    Outside& outside_;
    std::vector<std::unique_ptr<Device>> devices_;
    std::unordered_map<std::string, std::size_t> by_id_;
    TimerHeap timers_;
};

}  // namespace scef::modem_simulator
