#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "simulators/modem-simulator/at_port.h"
#include "simulators/modem-simulator/pcap_tap.h"
#include "simulators/modem-simulator/settings.h"
#include "simulators/modem-simulator/simulation.h"
#include "simulators/modem-simulator/udp_socket.h"

namespace scef::modem_simulator {

/// A simulation in real time: one thread waits for the link's socket, the taps' sockets, the
/// AT modems' terminals and the next deadline; `with` lets other threads in between.
class Runtime final : private Outside {
public:
    /// Binds the sockets; one sentence if that fails.
    static Result<std::unique_ptr<Runtime>> open(const Settings& settings);
    ~Runtime() override;
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    void start();
    /// Switches the modems off and ends the thread. Idempotent.
    void stop();

    /// Runs `act(simulation, turn)` alone and gives back what it gives. Any thread.
    template <typename Act>
    auto with(Act&& act) {
        const std::lock_guard lock(mutex_);
        const WakeAfter wake{*this};
        Turn turn = now();
        return act(simulation_, turn);
    }

    struct Tap {
        SocketAddress local;
        ExternalId id;
    };
    /// Where the taps really are, in the order of the settings.
    std::vector<Tap> taps() const;
    /// The paths of the AT modems' terminals, likewise.
    std::vector<AtSettings> at_modems() const;

private:
    struct TapPort {
        UdpSocket socket;
        ExternalId id;
        std::size_t device = 0;
        std::optional<SocketAddress> client;  ///< who sent last
    };
    struct Terminal {
        AtPort port;
        ExternalId id;
        std::size_t device = 0;
    };
    struct WakeAfter {
        Runtime& runtime;
        ~WakeAfter() { runtime.wake(); }
    };

    Runtime(const Settings& settings, UdpSocket link, int wake_descriptor);
    Status add_devices(const Settings& settings);
    Status add_taps(const Settings& settings, Instant attach_at);
    Status add_at_modems(const Settings& settings, Instant attach_at);
    Turn now();
    void wake() const;
    void run();
    void wait(Duration longest);
    void hear_link();
    void hear_tap(TapPort& tap);
    void hear_terminal(const Terminal& terminal);
    void report_progress(Instant now);
    Status open_capture(const Settings& settings);
    void capture(const std::string& id, const LogEntry& entry);

    void to_network(const modem_link::Frame& frame) override;
    void to_tap(std::size_t device, ByteView datagram) override;
    void to_terminal(std::size_t device, std::string_view text) override;
    void trace(const Device& device, const LogEntry& entry) override;

    std::mutex mutex_;
    SeededRandom random_;
    Simulation simulation_;
    SocketAddress scef_;
    UdpSocket link_;
    std::vector<TapPort> taps_;  ///< by rising `device`
    std::vector<Terminal> terminals_;
    std::unique_ptr<PcapTap> capture_;
    int wake_descriptor_;
    bool is_fleet_;
    Instant progress_due_;
    std::string last_progress_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
    std::array<std::uint8_t, 65536> buffer_{};
};

}  // namespace scef::modem_simulator
