#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "queueing/message_state.h"
#include "scef-adapter/engine/device.h"

namespace scef::adapter {

/// A message ended, or nobody can say any more what became of it (UNCONFIRMED).
struct MessageOutcome {
    MessageId message;
    std::string correlation_id;
    queueing::MessageState state = queueing::MessageState::delivered;
    queueing::DeliveryLevel level = queueing::DeliveryLevel::none;
    queueing::Reason reason = queueing::Reason::none;
    std::uint32_t attempts = 0;
    WallTime created_at{};
    std::string detail;    ///< the T8 cause or status, as in the timeline
    bool is_late = false;  ///< it was told as UNCONFIRMED before
    bool is_of_api = false;
    std::optional<coap::Code> response_code;
    Bytes response_payload;  ///< of messages of the API only: a server has its answer
    friend bool operator==(const MessageOutcome&, const MessageOutcome&) = default;
};

/// The device registered at an LwM2M server, or is registered no more.
struct RegistrationChange {
    enum class Kind : std::uint8_t { registered, ended } kind = Kind::registered;  ///< stored
    std::string server;  ///< its name in the configuration
    std::string endpoint_name;
    friend bool operator==(const RegistrationChange&, const RegistrationChange&) = default;
};

/// The NIDD configuration of the device has another status.
struct ConfigurationChange {
    NiddLink::Status status = NiddLink::Status::pending;
    std::string cause;
    friend bool operator==(const ConfigurationChange&, const ConfigurationChange&) = default;
};

/// Octets of the device that are no CoAP, or are not looked into (mode `opaque`). Duplicates of a
/// frame are told once.
struct OpaqueUplink {
    Bytes octets;
    friend bool operator==(const OpaqueUplink&, const OpaqueUplink&) = default;
};

/// One event of the feed: what programs and people are told (docs/api.md, "Events"). A value; pure.
struct FeedEvent {
    MessageId id;          ///< of the event: a UUIDv7, so that events lie in order of time
    std::string device;    ///< External Identifier as text: an event outlives its device
    WallTime at{};
    std::variant<MessageOutcome, RegistrationChange, ConfigurationChange, OpaqueUplink> what;
    friend bool operator==(const FeedEvent&, const FeedEvent&) = default;
};

/// `message`, `registration`, `configuration`, `uplink`.
std::string_view type_of(const FeedEvent& event);

/// Its cold record (RecordKind::feed_event): the key is the id.
Bytes to_record(const FeedEvent& event);
/// `corrupt` for what is no such record.
Result<FeedEvent> feed_event_from_record(ByteView key, ByteView value);

}  // namespace scef::adapter
