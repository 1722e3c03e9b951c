#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::modem_link {

/// What one datagram between a modem and the simulated network says. The link stands for the radio
/// and the core network: one frame a datagram, JSON, so that it can be read in a capture and typed
/// by hand.
enum class Kind : std::uint8_t {
    attach,    ///< modem → network: I am `external_id`; `state` is my start state
    detach,    ///< modem → network: switched off
    update,    ///< modem → network: tracking area update, to ask for other `power_saving`
    attached,  ///< network → modem: answer to attach; `state` is the state in force
    state,     ///< network → modem: the UE is now in `state` (timer, control API)
    uplink,    ///< modem → network: one non-IP frame, `sequence` chosen by the modem
    downlink,  ///< network → modem: one non-IP frame, `sequence` chosen by the network
    ack,       ///< both ways: `sequence` arrived (the hop acknowledgement of the radio)
    refused,   ///< network → modem: `sequence` cannot be taken, `reason` says why
    trigger,   ///< network → modem: a device trigger (SMS) for application port `port`
};

/// Ports of the Reliable Data Service (TS 24.250), 0 to 15 each. The link carries them beside the
/// data instead of in its header.
struct RdsPort {
    std::uint16_t ue = 0;
    std::uint16_t scef = 0;
    friend bool operator==(const RdsPort&, const RdsPort&) = default;
};

/// How a UE saves power (TS 23.682 4.5.4 and 4.5.13): asked for in attach and update, granted in
/// attached and state. A time that is not there is left to the network.
struct PowerSaving {
    std::string mode;  ///< what the UE falls back to: connected (it never sleeps), edrx or psm
    std::optional<Duration> active_time;   ///< T3324
    std::optional<Duration> periodic_tau;  ///< T3412; zero: never
    std::optional<Duration> edrx_cycle;
    std::optional<Duration> paging_window;
    friend bool operator==(const PowerSaving&, const PowerSaving&) = default;
};

/// What the network tells a modem with attached and state, beside the state.
struct NetworkTerms {
    PowerSaving power_saving;
    std::string coverage;                ///< normal, robust or extreme: CE0 to CE2
    std::string apn_rate;                ///< uplink messages, as in `100/hour`; or `unrestricted`
    bool has_exception_reports = false;  ///< exception reports may go beyond `apn_rate`
    std::uint32_t frame_octets_max = 0;  ///< non-IP link MTU; 0: not told
    friend bool operator==(const NetworkTerms&, const NetworkTerms&) = default;
};

/// Release assistance indication of an uplink (TS 24.301 9.9.4.25).
enum class ReleaseAssistance : std::uint8_t {
    none,
    after_uplink,    ///< nothing more is expected either way
    after_downlink,  ///< one answer is expected, then nothing
};

/// One frame of the modem link. Uplink, downlink and trigger frames are acknowledged and repeated
/// by their sender every 500 ms, at most 5 times; a receiver drops a repeated (external_id,
/// sequence).
struct Frame {
    Kind kind = Kind::attach;
    std::string external_id;
    std::uint32_t sequence = 0;  ///< uplink, downlink, trigger, ack, refused
    std::string
        state;  ///< attach, attached, state: connected | idle | edrx | psm | no-pdn | detached
    std::string reason;          ///< refused
    Bytes data;                  ///< uplink, downlink, trigger
    std::optional<RdsPort> rds;  ///< uplink, downlink; none: without ports
    bool exception = false;      ///< uplink: an exception report (TS 24.301 6.3.9)
    std::uint16_t port = 0;      ///< trigger
    ReleaseAssistance release = ReleaseAssistance::none;  ///< uplink
    std::optional<PowerSaving> power_saving;              ///< attach, update
    std::optional<NetworkTerms> terms;                    ///< attached, state
};

std::string serialize(const Frame& frame);
Result<Frame> parse(std::string_view datagram);

}  // namespace scef::modem_link
