#pragma once

#include <cstdint>
#include <string>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/coap/transmission.h"
#include "lwm2m-core/lwm2m/operation.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "queueing/message.h"

namespace scef::queueing {

enum class UplinkKind : std::uint8_t {
    request,       ///< Register, Update, Send, …: the server answers
    notification,  ///< Notify: the server acknowledges
    opaque,        ///< octets, sent once
};

enum class UplinkState : std::uint8_t {
    sending,       ///< retransmitted until the server acknowledges
    acknowledged,  ///< empty ACK came; the server's separate answer is awaited
    waiting,       ///< the server does not answer; tried again later
};

/// One frame of a device on its way to its server, stored until the server has settled it. Owned by
/// the engine of the device's shard.
struct Uplink {
    MessageId id;
    DeviceIndex device = 0;
    EndpointIndex endpoint = 0;
    Via via;  ///< as it came: the endpoint's RDS ports, or none
    UplinkKind kind = UplinkKind::request;
    UplinkState state = UplinkState::sending;
    lwm2m::Operation operation = lwm2m::Operation::other;
    coap::Type device_type = coap::Type::confirmable;
    std::uint16_t device_message_id = 0;
    coap::Token device_token;
    std::uint64_t content = 0;  ///< hash of the frame, for duplicates
    bool device_acknowledged =
        false;       ///< the server is slow, so the device got an empty ACK already (U3)
    Bytes datagram;  ///< what the server is sent, byte for byte on every copy
    std::uint16_t server_message_id = 0;
    coap::Token server_token;
    std::string binding;  ///< `b` of a Register or Update, as the device gave it
    WallTime created_at{};
    WallTime expires_at{};
    std::uint32_t rounds = 0;             ///< retransmission rounds that ended without an answer
    coap::Retransmission retransmission;  ///< not stored
    Instant retry_at = never;             ///< not stored: `waiting`
    Instant held_since{};     ///< not stored: since it came, or since this process has it
    bool superseded = false;  ///< not stored: a newer notification follows; no further round
    bool changed = false;     ///< not stored: its record is to be written
};

Bytes to_record(const Uplink& uplink);
Result<Uplink> uplink_from_record(ByteView record);

}  // namespace scef::queueing
