#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "simulators/modem-link/frame.h"
#include "simulators/scef-simulator/delivery.h"
#include "simulators/scef-simulator/rate_control.h"
#include "simulators/scef-simulator/ue.h"
#include "simulators/scef-simulator/ue_profile.h"
#include "simulators/scef-simulator/uplink_ledger.h"

namespace scef::scef_simulator {

/// Frames of one UE that went over the air, each counted once however often the link repeated it.
struct AirCounters {
    std::uint64_t downlink = 0;
    std::uint64_t uplink = 0;
    std::uint64_t uplinks_over_rate = 0;  ///< of `uplink`, refused by rate control
};

/// One UE as the core network sees it.
struct UeRecord {
    UeRecord(const UeProfile& first, double time_scale)
        : profile(first), ue(first.timers.faster(time_scale)), rates(first.rates, time_scale) {}

    /// The frame that waits for its hop acknowledgement.
    struct Flight {
        DeliveryId delivery;
        unsigned repeats = 0;
        Instant next = never;
    };

    UeProfile profile;
    Ue ue;
    UeRateControl rates;
    bool has_modem = false;
    bool had_pdn_connection = false;   ///< when it was looked at last
    UeState told = UeState::detached;  ///< the state that the modem heard last
    bool has_news = true;              ///< terms that the modem has not heard
    modem_link::ReleaseAssistance release = modem_link::ReleaseAssistance::none;
    std::uint32_t last_sequence = 0;
    std::deque<DeliveryId> queue;  ///< in the order of the POSTs, the one in flight included
    std::optional<Flight> flight;
    UplinkLedger uplinks;
    AirCounters counters;
    Instant armed = never;

    bool hears() const { return has_modem && ue.hears(); }
    bool is_flying(const DeliveryId& id) const { return flight && flight->delivery == id; }
};

}  // namespace scef::scef_simulator
