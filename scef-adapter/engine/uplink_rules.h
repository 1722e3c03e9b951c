#pragma once

#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/request_history.h"
#include "queueing/uplink.h"

/// How long uplinks and the answers to them are worth anything (docs/exchanges.md, U3-U9).
namespace scef::adapter {

/// What the device asks again by itself waits no longer than this for its server (U4).
inline constexpr Duration registration_life = std::chrono::seconds(60);
/// Notify, Send and opaque frames wait this long for their server.
inline constexpr Duration data_life = std::chrono::hours(24);

/// Message ids of a device are told apart by the RDS ports that they came by (U1).
inline queueing::RequestHistory::Key device_request_key(queueing::DeviceIndex device,
                                                        const queueing::Via& via,
                                                        std::uint16_t message_id,
                                                        std::uint64_t content) {
    return {device, via ? std::uint64_t{*via} + 1 : 0, message_id, content};
}

}  // namespace scef::adapter
