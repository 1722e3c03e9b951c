#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nidd/types/capability.h"
#include "nidd/types/t8_types.h"
#include "queueing/batch.h"
#include "queueing/device_queue.h"
#include "queueing/uplink.h"
#include "quota/device_quota.h"
#include "scef-adapter/config/config.h"
#include "scef-adapter/engine/events.h"
#include "scef-adapter/engine/learned_quota.h"
#include "scef-adapter/engine/reachability.h"

namespace scef::adapter {

/// The NIDD configuration of one device at its SCEF (TS 29.122 4.4.5.2).
struct NiddLink {
    /// Stored: append only.
    enum class Status : std::uint8_t { pending, active, terminated, not_authorized, refused };
    Status status = Status::pending;
    std::string configuration_id;  ///< empty until created
    nidd::Capability capability;
    std::uint32_t maximum_packet_bits = 0;  ///< 0: not told
    WallTime expires_at{};                  ///< the epoch: never
    std::string supported_features;
    std::string last_cause;                ///< of the last failure, for the operator
    std::vector<nidd::RdsPort> rds_ports;  ///< that the SCEF has been told

    // Not stored.
    std::vector<nidd::RdsPort> rds_ports_asked;  ///< by the call that is open
    std::uint32_t failures = 0;
    Instant retry_at{};
    WallTime renew_at{};  ///< when to ask for a longer life; the epoch: not decided yet
    bool call_open = false;
    bool recreated = false;  ///< a 404 made us create it anew since the last success
};

/// What the device told an LwM2M server when it registered (Core TS 6.2).
struct Registration {
    std::string endpoint_name;
    std::string location;  ///< `/rd/5a`, as the server gave it; one segment may hold a slash
    std::string binding;
    std::string version;
    std::uint32_t lifetime_seconds = 86400;
    bool queue_mode = false;
    WallTime updated_at{};
};

/// One virtual endpoint: this device as one LwM2M server sees it.
struct VirtualEndpoint {
    queueing::EndpointIndex index = 0;
    std::size_t server = 0;  ///< index in `Config::lwm2m_servers`
    std::string server_name;
    std::optional<nidd::RdsPort> rds;  ///< of the server, by the configuration; not stored
    std::optional<Registration> registration;
};

/// An observation (RFC 7641) whose notifications are expected, by the device leg's token.
struct Observation {
    coap::Token device_token;
    coap::Token server_token;
    queueing::EndpointIndex endpoint = 0;
    SocketAddress peer;
    std::string path;
};

/// A delivery status that came before the POST's own answer (exchanges, last row).
struct EarlyStatus {
    std::string transfer_id;
    nidd::NiddDownlinkDataDeliveryStatusNotification status;
    Instant forget_at;
};

/// A NON request that is over, but whose answer would still be passed on (D20).
struct LateAnswer {
    coap::Message request;  ///< as the device saw it
    queueing::ServerExchange server;
    Instant forget_at;
};

/// D2: a device's answer that came too late for its server, until someone asks the same again.
struct KeptAnswer {
    queueing::EndpointIndex endpoint = 0;
    std::uint64_t question = 0;  ///< hash of the request without type, message id and token
    Bytes answer;
    WallTime forget_at{};
};

/// What a device has while anything is going on; idle devices do without.
struct DeviceActivity {
    queueing::DeviceQueue queue;
    std::uint64_t queued_bytes = 0;
    MessageId in_flight;                             ///< the one request in flight
    std::map<coap::Token, MessageId> open_by_token;  ///< requests that an answer may settle
    std::vector<MessageId> messages;                 ///< all open ones
    std::vector<MessageId> uplinks;                  ///< not settled by their server yet
    std::vector<MessageId> replacing;  ///< D27: queued, with a place at the SCEF to take
    std::vector<EarlyStatus> early_statuses;
    // A deque takes half a kibibyte before it holds anything.
    std::vector<LateAnswer> late_answers;
    std::vector<KeptAnswer> kept_answers;
    MessageId newest_change;  ///< D2: the last message that may change what questions are answered
    Instant throttled_until{};
    std::uint32_t throttles = 0;     ///< in a row, without a Retry-After
    Instant pump_at = never;         ///< the one timer that looks at the queue again
    Instant owner_answers_by{};      ///< a shared quota's owner was asked, and may have room
    OperationId reconcile_open = 0;  ///< the last list of pending deliveries asked for
    Instant watched_until{};         ///< until then the SCEF tells of the device's reachability
};

/// The token of a request that ended without its answer: one that still comes must not be taken for
/// the answer to another request.
struct SpentToken {
    coap::Token token;
    WallTime until;
};

/// The last SMS trigger (TS 29.122 4.4.6).
struct WakeUp {
    /// Stored: append only. What the device is asked for (LwM2M object 1, resources 8 and 9).
    enum class Kind : std::uint8_t { registration_update, bootstrap };
    Kind kind = Kind::registration_update;
    WallTime at{};       ///< the epoch: never
    std::string result;  ///< REQUESTED, REFUSED, or what the SCEF reported (DeliveryResult)
};

/// A device, as the engine of its shard knows it.
struct Device {
    queueing::DeviceIndex index = 0;
    DeviceSpec spec;
    const ProfileConfig* profile = nullptr;
    const QuotaConfig* quota = nullptr;
    std::size_t scef = 0;
    bool paused = false;
    WallTime created_at{};
    std::vector<VirtualEndpoint> endpoints;
    NiddLink nidd;
    std::string pinned_endpoint_name;  ///< learned at the first Register when none is provisioned
    std::uint16_t device_message_id = 0, device_message_ids_reserved = 0;
    std::uint16_t server_message_id = 0, server_message_ids_reserved = 0;
    std::map<coap::Token, Observation> observations;
    std::vector<coap::Token> dead_tokens;  ///< U8: observations that only the device still knows
    std::vector<SpentToken> spent_tokens;
    WakeUp wake_up;
    bool parked = false;             ///< D22: it told that it leaves NIDD
    WallTime frozen_until{};         ///< U13: only its bootstrap server reaches it until then
    PowerReport power;               ///< what it told of its power saving
    RateControlReport rate_control;  ///< what it told of the network's rate control
    std::unique_ptr<quota::DirectionQuota> downlink_quota, uplink_quota;
    std::unique_ptr<LearnedQuota> learned_quota;  ///< there as soon as `rate_control` is told

    WallTime last_uplink{};
    Instant reachable_until{};
    std::unique_ptr<DeviceActivity> activity;
    bool dirty = false, usage_dirty = false;

    DeviceActivity& active() {
        if (!activity) activity = std::make_unique<DeviceActivity>();
        return *activity;
    }
    /// The largest frame that the SCEF takes, in octets: `maximumPacketSize` is in bits.
    std::size_t frame_octets_max() const;
    const VirtualEndpoint* endpoint_of(queueing::EndpointIndex endpoint) const;
    VirtualEndpoint* endpoint_of(queueing::EndpointIndex endpoint);
    const VirtualEndpoint* endpoint_of_server(std::string_view name) const;
    /// Whose ports these are; null if they are nobody's.
    const VirtualEndpoint* endpoint_of_ports(const nidd::RdsPort& ports) const;
    /// Of all its servers that have some.
    std::vector<nidd::RdsPort> ports() const;
    /// By which a frame goes; nothing: without ports.
    std::optional<nidd::RdsPort> ports_of(const queueing::Via& via) const;
    /// At any of its servers.
    bool is_registered() const;
};

std::string_view name_of(NiddLink::Status status);

/// Whether the SCEF has been told of these ports.
bool knows_ports(const NiddLink& nidd, const nidd::RdsPort& ports);

/// Stored forms. Names of profile, quota and server are stored and resolved again by the engine.
Bytes to_record(const Device& device);
Result<std::unique_ptr<Device>> device_from_record(ByteView record);
Bytes to_record(const Observation& observation);
Result<Observation> observation_from_record(ByteView record);
Bytes usage_record(const Device& device, const quota::QuotaTime& time);
Status restore_usage(Device& device, ByteView record, const quota::QuotaTime& time);

/// Keys of hot records: device index; device index and token.
Bytes device_key(queueing::DeviceIndex device);
Bytes observation_key(queueing::DeviceIndex device, const coap::Token& token);

}  // namespace scef::adapter
