#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "simulators/modem-link/frame.h"
#include "simulators/modem-simulator/power_figures.h"

namespace scef::modem_simulator {

/// What a device has spent, and on what. Transfers come on top of the state in which they happen.
struct PowerReport {
    enum Part : std::uint8_t {
        connected,
        idle,
        edrx,
        psm,
        off,
        transmitting,
        receiving,
        signalling,
        count
    };
    struct Spent {
        Duration time{};
        double mah = 0;
    };
    std::array<Spent, count> parts{};
    std::uint64_t connections = 0;  ///< each with its signalling

    Duration elapsed() const;  ///< in all states together
    double mah() const;
    /// Zero before any time has passed.
    double mean_ma() const;
};

/// Estimates what a device draws from its battery: by its state, how the network lets it sleep, its
/// coverage, and each frame and connection. Knows no figures of its own. Pure.
class PowerMeter {
public:
    PowerMeter(const PowerFigures& figures, Instant start) : figures_(figures), since_(start) {}

    /// The state holds from `now` on. A new connection costs its signalling.
    void on_state(const std::string& state, Instant now);
    /// What the network told holds from `now` on.
    void on_terms(const modem_link::NetworkTerms& terms, Instant now);
    /// One transmission of so many octets of a user; repetitions of the link are more of them.
    void on_transmitted(std::size_t octets);
    void on_received(std::size_t octets);

    PowerReport report(Instant now) const;
    const PowerFigures& figures() const { return figures_; }

private:
    void spend(PowerReport::Part part, Duration time, double current_ma);
    double edrx_ma() const;
    void settle(Instant now);

    PowerFigures figures_;
    PowerReport spent_;
    PowerReport::Part state_ = PowerReport::off;
    std::string coverage_ = "normal";
    double window_share_ = 1;  ///< of the eDRX cycle in which it listens
    Instant since_;
};

}  // namespace scef::modem_simulator
