#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "nidd/types/notification.h"
#include "nidd/types/t8_exchange.h"
#include "queueing/message.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/engine/fan_out_types.h"
#include "scef-adapter/engine/lease_word.h"

namespace scef::adapter {

/// Names whom an effect answers: given by the runtime, echoed by the engine, once.
using ReplyId = std::uint64_t;
/// Names a T8 call: given by the engine, echoed by the runtime with the answer, once.
using OperationId = std::uint64_t;

/// A datagram that an LwM2M server (its source address was checked) sent to a virtual endpoint.
struct ServerDatagram {
    queueing::EndpointIndex endpoint = 0;
    SocketAddress peer;
    Bytes octets;
};

/// A notification of the SCEF; answered by a `NotificationReply`.
struct ScefNotification {
    ReplyId reply = 0;
    nidd::IncomingNotification notification;
};

/// The end of a T8 call that the engine asked for.
struct T8Completion {
    OperationId operation = 0;
    nidd::T8Answer answer;
};

/// Someone who knows says that a device can hear now: a UE reachability notification
/// (TS 29.122 4.4.2.3), or an operator. Opens its window.
struct DeviceReachable {
    ReplyId reply = 0;
    ExternalId external_id;
    std::optional<Duration> remains;  ///< for so long; otherwise as after an uplink
};

/// What a SCEF's list of configurations says of the devices of this shard, and of those that it
/// would have: at start, and whenever `ListConfigurations` asked for it.
struct ConfigurationsListed {
    std::size_t scef = 0;  ///< index in `Config::scefs`
    std::vector<nidd::NiddConfiguration> configurations;
};

/// The engine's own clock: call when `next_deadline()` is reached.
struct TimePassed {};

/// Groups that one device may be in.
inline constexpr std::size_t groups_of_device_max = 32;
/// Octets of a group's name.
inline constexpr std::size_t group_octets_max = 255;

/// What an operator provisions. Names of profile, quota and server are checked by the engine.
struct DeviceSpec {
    ExternalId external_id;
    std::string profile = "nb-iot";
    std::string quota = "default";
    std::string
        server;  ///< empty: the first of `servers`, else the first that is no bootstrap server
    std::vector<std::string> servers;  ///< empty: `server` alone; else it comes first
    std::string endpoint;              ///< LwM2M endpoint name; empty: learned at Register
    bool opaque = false;               ///< mode `opaque`
    std::vector<std::string> groups;
    friend bool operator==(const DeviceSpec&, const DeviceSpec&) = default;
};

struct ProvisionDevice {
    ReplyId reply = 0;
    DeviceSpec spec;
    bool replace = false;  ///< PUT: take the new values instead of refusing what differs
};
struct RemoveDevice {
    ReplyId reply = 0;
    ExternalId external_id;
};
struct PauseDevice {
    ReplyId reply = 0;
    ExternalId external_id;
    bool paused = true;
};

/// An SMS trigger now (TS 29.122 4.4.6). Done once it is recorded; what becomes of it is told in
/// `Device::wake_up`.
struct WakeDevice {
    ReplyId reply = 0;
    ExternalId external_id;
    bool bootstrap = false;  ///< asks for a bootstrap, else for a Registration Update
};

/// A message from the API (interfaces: "A message").
struct EnqueueMessage {
    ReplyId reply = 0;
    ExternalId external_id;
    Bytes payload;
    bool opaque = false;
    std::optional<Duration> ttl;
    std::optional<WallTime> not_before;
    queueing::Priority priority = queueing::Priority::normal;
    std::optional<std::uint32_t> attempts_max;
    queueing::AckMode ack = queueing::AckMode::full;
    std::string correlation_id;
    std::string idempotency_key;
    bool send_now = false;             ///< sendMode `now`: hand over to the SCEF without a window
    std::string collapse_key;          ///< takes the place of what waits with the same key
    bool takes_every_place = false;    ///< PUT: takes the place of all that waits
    std::optional<nidd::RdsPort> rds;  ///< the ports to go by; else those of the first server
    MessageId replay_of;               ///< set by the engine
    MessageId group_message;           ///< set by the engine
};
struct CancelMessage {
    ReplyId reply = 0;
    MessageId id;
};
struct PurgeMessages {
    ReplyId reply = 0;
    ExternalId external_id;
};

/// Gives a scope a quota: `device:EXTID` (the shard of that device), or `group:NAME`, `scef:NAME`
/// or `account`, which every shard must be told.
struct SetQuota {
    ReplyId reply = 0;
    std::string scope;
    std::string
        quota;  ///< a name in `Config::quotas` or a text (QuotaCatalog); empty: as configured
};
/// The same octets again, as a new message; `ended` is what the store has of the message that
/// ended. What is not given is as it was.
struct ReplayMessage {
    ReplyId reply = 0;
    queueing::Message ended;
    std::optional<Duration> ttl;
    std::optional<WallTime> not_before;
    std::optional<queueing::Priority> priority;
};

/// Puts a device into a group, or takes it out.
struct ChangeMembership {
    ReplyId reply = 0;
    ExternalId external_id;
    std::string group;
    bool is_member = true;
};
/// Settings of a group, at its owner; nothing: it has none any more.
struct SetGroup {
    ReplyId reply = 0;
    std::string group;
    std::optional<GroupSettings> settings;
};
/// A message for every member of a group, at its owner. Done once the job is recorded; the owner
/// and the shards of the members do the rest.
struct SendToGroup {
    ReplyId reply = 0;
    FanOutJob job;           ///< without id and time
    EnqueueMessage message;  ///< for each; its Idempotency-Key is of the job
};

/// Ends a message to a group, at the shard that made it: no member gets it from now on, and what
/// waits for a member is canceled. Done once that is recorded; the shards of the members do it.
struct CancelGroupMessage {
    ReplyId reply = 0;
    FanOutJob job;  ///< as the store has it
};

/// What would become of a message; nothing is stored or charged.
struct DryRunMessage {
    ReplyId reply = 0;
    EnqueueMessage message;
};

/// A configuration that takes the place of the one in force; `fixed_changes` finds nothing in it.
struct ConfigurationChanged {
    ReplyId reply = 0;
    std::shared_ptr<const Config> config;
};

using Event =
    std::variant<ServerDatagram, ScefNotification, T8Completion, TimePassed, ProvisionDevice,
                 RemoveDevice, PauseDevice, DeviceReachable, WakeDevice, ConfigurationsListed,
                 EnqueueMessage, CancelMessage, PurgeMessages, LeaseWord, SetQuota, DryRunMessage,
                 ReplayMessage, ChangeMembership, SetGroup, SendToGroup, CancelGroupMessage,
                 GroupWord, ConfigurationChanged>;

}  // namespace scef::adapter
