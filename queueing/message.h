#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/coap/codec.h"
#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/coap/transmission.h"
#include "lwm2m-core/lwm2m/operation.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "queueing/message_state.h"

namespace scef::queueing {

/// Dense number of a device inside its shard; never reused.
using DeviceIndex = std::uint32_t;
/// Number of a virtual endpoint inside its shard; never reused.
using EndpointIndex = std::uint32_t;

/// The virtual endpoint by whose RDS ports a frame goes on the device leg, and with it the server
/// (TS 24.250; docs/exchanges.md, OSR-001). None: the frame has no ports.
using Via = std::optional<EndpointIndex>;

/// Where a message is on its way to the device. Drawn in docs/life-of-a-message.md.
enum class DeviceLeg : std::uint8_t {
    queued,             ///< waits here: for the window, quota, its turn
    submitting,         ///< recorded; its POST is open
    in_doubt,           ///< the POST's outcome is unknown; being reconciled
    net_buffered,       ///< the SCEF holds it and we hold no second copy
    awaiting_answer,    ///< delivered as far as the network says
    retry_wait,         ///< an attempt failed; goes again
    expired_in_flight,  ///< past its TTL, but too late to stop
    done,
};

/// The CoAP exchange with whoever asked (RFC 7252 5.2). `none` for messages of the API.
enum class ServerLeg : std::uint8_t {
    none,
    open,          ///< the server waits for our ACK
    acknowledged,  ///< custody taken by an empty ACK, or a NON that waits for an answer
    responding,    ///< our separate CON response is not acknowledged yet
    done,
    gone,  ///< the server gave up: RST, or no ACK to our response
};

/// Sending order: the class first, then priority, then age (exchanges D8).
enum class OrderClass : std::uint8_t { reply, registration, block_continuation, normal, bulk };

enum class Priority : std::uint8_t { low, normal, high, emergency };

enum class MessageKind : std::uint8_t {
    request,  ///< a CoAP request to the device
    reply,    ///< an ACK, RST or response to something the device sent
    opaque,   ///< octets that are never looked into
};

/// Who asked, on the server leg: enough to answer after a restart.
struct ServerExchange {
    EndpointIndex endpoint = 0;
    SocketAddress peer;
    std::uint16_t message_id = 0;
    coap::Token token;
    bool confirmable = true;
    std::uint64_t datagram_hash = 0;
    ServerLeg state = ServerLeg::none;
    WallTime asked_at{};
    Bytes response;  ///< our separate response while `responding`; then a copy of the answer
    std::uint16_t response_message_id = 0;
    Instant custody_due = never;          ///< when an empty ACK takes custody (D7); not stored
    Instant limit_due = never;            ///< `separate_response_limit`; not stored
    coap::Retransmission retransmission;  ///< of `response`; not stored
};

/// What a reply settles: the device's request or notification, so that a retransmission of that
/// gets the same frame again (U1), also after a restart.
struct Settles {
    std::uint16_t message_id = 0;
    std::uint64_t content = 0;  ///< hash of the device's frame
};

/// One message on its way to a device, whoever sent it. Owned by the engine of the device's shard
/// and stored as one record until it ends.
struct Message {
    MessageId id;
    DeviceIndex device = 0;
    MessageKind kind = MessageKind::request;
    OrderClass order_class = OrderClass::normal;
    Priority priority = Priority::normal;
    lwm2m::Operation operation = lwm2m::Operation::other;

    coap::Message
        frame;  ///< request, reply: as the device shall see it, with the device leg's token and id
    Bytes opaque;  ///< opaque

    WallTime created_at{};
    WallTime expires_at{};
    WallTime not_before{};
    WallTime handed_over_by{};  ///< when a held message goes to the SCEF even without a window
    WallTime retry_at{};        ///< retry_wait: not before; the device's next uplink ends the wait

    DeviceLeg device_leg = DeviceLeg::queued;
    MessageState state = MessageState::queued;
    DeliveryLevel level = DeliveryLevel::none;
    Reason reason = Reason::none;
    std::uint32_t attempts = 0;  ///< POSTs that may have reached the SCEF
    std::uint32_t attempts_max = 10;
    bool frame_numbered =
        false;                ///< the device leg's message id is allotted; it never changes again
    bool resent = false;      ///< D19: the one repetition was used
    bool holds_slot = false;  ///< it is the device's one request in flight
    WallTime first_submitted_at{};
    WallTime last_submitted_at{};
    std::string transfer_id;  ///< the T8 transfer while the SCEF holds it
    std::uint16_t timeline_length = 0;

    ServerExchange server;
    std::vector<ServerExchange> attached;  ///< D2: who asked the same while it was open
    std::optional<Settles> settles;        ///< reply
    Via via;
    std::string correlation_id;
    std::optional<coap::Code> response_code;
    Bytes response_payload;
    Bytes late_answer;            ///< D2: the device's answer that its server did not take any more
    AckMode ack = AckMode::full;  ///< which ends the event feed tells of
    std::string collapse_key;  ///< D27: a newer one with the same key takes its place; empty: none
    /// D27: the message whose place at the SCEF this one is to take, until that is settled. With
    /// `submitting`, `in_doubt` or `expired_in_flight` the PUT may have been carried out.
    MessageId replaces;
    MessageId superseded_by;  ///< D27: who takes its place, or would have; it is not sent again
    MessageId replay_of;      ///< the message that ended, and of which this one is a repetition
    MessageId replayed_as;    ///< the other way round
    MessageId group_message;  ///< the message to a group that this one is a part of

    // Not stored.
    Instant answer_due = never;   ///< device timer of D19
    std::uint64_t judged_by = 0;  ///< first T8 call whose list of pending deliveries tells of it
    // For the counters: zero or `never` while there is nothing to count.
    Instant window_until{};  ///< it was POSTed while its device heard, until then
    Instant quota_wait_since = never;
    std::uint8_t quota_holder = 0;     ///< whose quota it waits for
    bool is_queue_time_known = false;  ///< counted at the first POST
    bool device_deduplicates = false;  ///< the device still knows its message id
    bool send_now = false;             ///< handed over without waiting for a window
    bool queued_here = false;          ///< it has a place in the device's queue
    bool cancel_requested =
        false;                  ///< it is to be gone, for `reason`; the SCEF was asked to delete it
    bool is_contested = false;  ///< D27: a PUT that may have put another in its place is open
    std::string end_detail;     ///< what its timeline says of its end, for its dead letter
    bool changed = false;       ///< its record is to be written at the end of the turn

    /// Octets that go on the air.
    Bytes octets() const { return kind == MessageKind::opaque ? opaque : coap::serialize(frame); }
    bool is_confirmable_request() const {
        return kind == MessageKind::request && frame.type == coap::Type::confirmable;
    }
    /// Its order class is exempt from windows and quotas: the device waits for it right now.
    bool is_reply() const { return kind == MessageKind::reply; }

    /// Everyone who waits for its answer.
    template <typename Visit>
    void for_each_exchange(Visit visit) {
        visit(server);
        for (ServerExchange& exchange : attached) visit(exchange);
    }
    /// D27: whether the SCEF holds it or the one before it is not settled: its PUT is open, or in
    /// doubt.
    bool is_taking_a_place() const;
    /// A separate response of ours is not acknowledged yet.
    bool is_responding() const;
};

/// The stored form. Reading checks every field; a frame that no longer parses is `corrupt`.
Bytes to_record(const Message& message);
Result<Message> message_from_record(ByteView record);

}  // namespace scef::queueing
