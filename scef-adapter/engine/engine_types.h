#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lwm2m-core/coap/message.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "nidd/types/t8_types.h"
#include "queueing/message.h"
#include "scef-adapter/engine/events.h"
#include "scef-adapter/engine/quota_scope.h"
#include "scef-adapter/engine/removed_tokens.h"

/// What only the engine's own files speak of: facts, timers, open calls, holds.
namespace scef::adapter::inside {

/// What came with an event of the downlink table.
struct Facts {
    nidd::DeliveryStatus status;
    std::string transfer_id;
    std::string cause;
    std::optional<Duration> retry_after;
    std::optional<WallTime> retry_at;
    const coap::Message* answer = nullptr;
    queueing::Reason reason = queueing::Reason::none;
    bool quota_is_used_up = false;         ///< so says the SCEF, of this device
    bool configuration_is_current = true;  ///< the call was made under the configuration of now
};

/// What a queue will have room for beside its limits: what waits there and is about to end.
struct Room {
    std::size_t messages = 0;
    std::uint64_t octets = 0;
};

/// Why a message may not enter the queue.
struct Refusal {
    Error error;
    Duration retry_after{};     ///< zero: nothing can be told
    std::uint8_t code = 0;      ///< as a CoAP response code
    std::string quota_scope{};  ///< whose quota is used up
};

enum class TimerKind : std::uint8_t {
    ack_hold,
    answer,
    ttl,
    linger,
    reconcile,
    separate_limit,
    response_copy,
    uplink_copy,
    uplink_retry,
    uplink_ttl,
    uplink_slow,
    uplink_sent,
    pump,
    configuration,
    registration,  // from `pump` on: of a device, not of a message or uplink
};
struct Timer {
    Instant due;
    TimerKind kind;
    queueing::DeviceIndex device;
    MessageId id;
    friend bool operator<(const Timer& a, const Timer& b) { return a.due > b.due; }
};
/// U3: a server that takes longer is slow, and the device is told that its request arrived.
inline constexpr Duration device_ack_hint = std::chrono::seconds(8);

/// U13: a bootstrap that does not finish holds the other queues no longer than this.
inline constexpr Duration bootstrap_max = std::chrono::minutes(5);

enum class Purpose : std::uint8_t {
    create_configuration,
    renew_configuration,
    delete_configuration,
    delivery,
    reconcile,
    withdraw,
    read_configuration,
    trigger,
    watch,
    replace,        ///< D27: PUT
    read_replaced,  ///< D27: which of the two the SCEF holds
};
struct Operation {
    Purpose purpose;
    queueing::DeviceIndex device;
    MessageId message;
    std::size_t scef;
    std::string configuration_id;  ///< under which the call was made; it may be lost meanwhile
    std::string transfer_id;       ///< that the call names
};

/// Why a message waits, and until when at the latest.
struct Hold {
    queueing::Reason reason;
    Instant until;
    std::string detail{};          ///< the limit, for the timeline
    bool is_shared = false;        ///< it is one of a shared scope, whose owner must be asked
    std::uint8_t reject_code = 0;  ///< the scope's quota rejects what it holds
    QuotaScope::Kind holder = QuotaScope::Kind::device;  ///< with Reason::quota: whose it is
};

}  // namespace scef::adapter::inside
