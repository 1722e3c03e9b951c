#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::modem_link {

/// What one datagram between a modem and the simulated network says. The link stands for the radio
/// and the core network: one frame a datagram, JSON, so that it can be read in a capture and typed
/// by hand.
enum class Kind : std::uint8_t {
    attach,    ///< modem → network: I am `external_id`; `state` is my start state
    detach,    ///< modem → network: switched off
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
};

std::string serialize(const Frame& frame);
Result<Frame> parse(std::string_view datagram);

}  // namespace scef::modem_link
