#pragma once

#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::modem_simulator {

/// What the radio of a device draws and how long it is on the air, for an estimate. The currents
/// are what TR 45.820 assumes for its battery life (545 mW sending, 90 mW receiving, 3 mW idle,
/// 0.015 mW asleep, a battery of 5 Wh) at 3.6 V; the rest is named where it stands. A module's data
/// sheet knows better: every figure can be set.
struct PowerFigures {
    double sleep_ma = 0.0042;
    double idle_ma = 0.83;       ///< between transfers, paging listened to
    double connected_ma = 6.25;  ///< connected without a transfer: listening a quarter of the time
    double receive_ma = 25;
    double transmit_ma = 151;
    double battery_mah = 1389;
    /// On the air without repetitions, both ways.
    double bits_per_second = 20'000;
    /// Repetitions of CE1 and CE2. With 128 some 160 bit/s are left, the least that TR 45.820 asks
    /// for at 164 dB.
    double repetitions_robust = 8;
    double repetitions_extreme = 128;
    /// Radio and NAS headers of a frame, and the messages that open and close a connection, each
    /// way.
    double header_octets = 20;
    double signalling_octets = 100;

    /// How long a message with so many octets is on the air at that coverage: normal, robust or
    /// extreme.
    Duration air_time(double octets, std::string_view coverage) const;
};

/// Sets one figure by text: `transmit=220`. One sentence with the names if there is none such, or
/// its value is no number above zero.
Status set_figure(PowerFigures& figures, std::string_view text);

}  // namespace scef::modem_simulator
