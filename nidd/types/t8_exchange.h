#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/types/operator_profile.h"
#include "nidd/types/t8_types.h"

namespace scef::nidd {

/// Which of the calls that wait for a connection goes first (exchanges D8): the lower order class,
/// then the one whose device stops hearing first, then the older one.
struct Urgency {
    std::uint8_t order_class = 0;
    Instant heard_until = never;
    friend auto operator<=>(const Urgency&, const Urgency&) = default;
};

/// One T8 call that the engine wants made. The SCEF's address, prefixes and `scsAsId` are the
/// client's.
struct T8Request {
    enum class Operation : std::uint8_t {
        create_configuration,
        patch_configuration,
        read_configuration,
        delete_configuration,
        create_delivery,
        list_deliveries,
        delete_delivery,
        list_configurations,
        read_delivery,
        replace_delivery,  ///< PUT (MT_NIDD_modification_cancellation)
        patch_delivery,    ///< from release 17 on
        list_rds_ports,
        create_trigger,  ///< TS 29.122 4.4.6, DeviceTriggering
        read_trigger,
        delete_trigger,       ///< recall
        create_subscription,  ///< TS 29.122 4.4.2, MonitoringEvent
        read_subscription,
        delete_subscription,
    };
    Operation operation = Operation::create_delivery;
    std::string configuration_id;  ///< last path segment of the configuration's `self`
    std::string transfer_id;       ///< last path segment of the transfer's `self`
    std::string body;              ///< JSON, empty for GET and DELETE
    std::string resource_id = {};  ///< of a trigger's transaction or of a subscription
    std::string media_type = {};   ///< of the body; empty: the standard's for the operation
    Urgency urgency = {};
    /// Not one octet of it leaves after this time of the steady clock; it is `expired` then.
    Instant not_after = never;
};

std::string_view name_of(T8Request::Operation operation);
inline constexpr std::size_t t8_operation_count =
    static_cast<std::size_t>(T8Request::Operation::delete_subscription) + 1;

/// How a T8 call ended, as far as HTTP goes.
struct T8Answer {
    enum class Transport : std::uint8_t {
        answered,   ///< a complete response; `status` and `body` count
        not_sent,   ///< failed before the request was written: it may be sent again safely. With
                    ///< `retry_after` the client held it back to spare the SCEF (`ScefGate`)
        ambiguous,  ///< failed or timed out after the request was (partly) written
        expired,    ///< never written, because `T8Request::not_after` had passed
    };
    Transport transport = Transport::not_sent;
    int status = 0;
    std::string location;                 ///< as it came; empty if none
    std::optional<Duration> retry_after;  ///< read and capped at 1 h
    std::string body;
    std::string error;                  ///< for people, when not answered
    std::optional<WallTime> date = {};  ///< the SCEF's clock when it answered, if it tells
};

/// Last path segment of a resource link below `/{scsAsId}/configurations/…`, absolute or relative,
/// if it is 1 to 128 characters of `A-Za-z0-9._~-`; links are never dereferenced.
std::optional<std::string> configuration_id_of(std::string_view link);

/// Configuration and transfer id of a `…/configurations/{id}/downlink-data-deliveries/{id}` link.
struct TransferLink {
    std::string configuration_id;
    std::string transfer_id;
};
std::optional<TransferLink> transfer_link_of(std::string_view link);

/// What a delivery's answer means for the message: one value per row of the T8 outcomes table
/// (docs/t8-outcomes.md).
struct DeliveryOutcome {
    enum class Kind : std::uint8_t {
        delivered,           ///< 200, or 201 whose body already says SUCCESS*
        buffered,            ///< 201 with a usable link: the SCEF holds it
        in_doubt,            ///< it may or may not have been taken
        throttled,           ///< 403 quota or rate, 429, 503, held back here: not an attempt
        too_large,           ///< 403 DATA_TOO_LARGE, 413
        refused,             ///< 400, 411, 415, RDS_PORT_UNKNOWN: this message will never go
        not_authorized,      ///< 401 after a token refresh, other 403
        configuration_lost,  ///< 404
        retry_later,         ///< 500 with NiddDownlinkDataDeliveryFailure: an attempt
        not_sent,            ///< nothing was written: not an attempt
        expired,             ///< nothing was written before the TTL was over: not an attempt
    };
    Kind kind = Kind::in_doubt;
    DeliveryStatus status;                ///< delivered, buffered
    std::string transfer_id;              ///< buffered
    std::optional<Duration> retry_after;  ///< throttled
    std::optional<WallTime> retry_at;     ///< retry_later with requestedRetransmissionTime
    std::string cause;                    ///< problem cause or HTTP status, for the timeline
    bool held_back = false;               ///< throttled by our own gate, not by the SCEF
    bool quota_is_used_up = false;        ///< throttled, and not because the SCEF is busy (503)
};

/// Reads the answer to a `create_delivery` (TS 29.122 4.4.5.3.1); for errors the operator profile's
/// rules come before the standard's table. `configuration_id` is ours: a link that names another
/// configuration is not usable.
DeliveryOutcome classify_delivery(const T8Answer& answer, std::string_view configuration_id,
                                  const OperatorProfile& profile = standard_profile());

/// What the answer to `replace_delivery` means (TS 29.122 4.4.5.3.3). Whatever it is, the SCEF may
/// hold, send or have sent one of the two data, never both.
struct ReplacementOutcome {
    enum class Kind : std::uint8_t {
        replaced,   ///< 204, 200: the SCEF holds the new data under the same link
        delivered,  ///< 200 whose body already says SUCCESS*: the new data
        too_late,   ///< 409: the old data is being sent or was
        gone,       ///< 404: nothing is buffered any more
        refused,    ///< another error, 500 with a failure among them: the old data stays
        not_sent,   ///< nothing was written, or the SCEF throttles: the old data stays
        expired,    ///< nothing was written before the newer one's TTL was over: the old data stays
        unknown,    ///< no answer, or one that says nothing
    };
    Kind kind = Kind::unknown;
    DeliveryStatus status;  ///< delivered; replaced if the body tells
    std::optional<Duration> retry_after;
    std::string cause;
};
ReplacementOutcome classify_replacement(const T8Answer& answer,
                                        const OperatorProfile& profile = standard_profile());

/// What the answer to `create_configuration` means.
struct ConfigurationOutcome {
    enum class Kind : std::uint8_t {
        created,
        retry,    ///< nothing is there: not sent, 500, 307 or 308 to another server
        unknown,  ///< it may be there: no answer, 502, 504, a success without a usable link
        exists,   ///< 409, or 403 with a cause that says so: the list of configurations tells more
        throttled,
        refused,
        not_authorized,
    };
    Kind kind = Kind::retry;
    std::string configuration_id;  ///< created
    NiddConfiguration configuration;
    std::optional<Duration> retry_after;
    std::string cause;
};
ConfigurationOutcome classify_configuration(const T8Answer& answer,
                                            const OperatorProfile& profile = standard_profile());

/// What the answer to `create_trigger` or `create_subscription` means.
struct ResourceOutcome {
    enum class Kind : std::uint8_t { created, retry, throttled, refused };
    Kind kind = Kind::retry;
    /// created; last segment of `Location` or `self`. Empty if there is no usable link: after a 201
    /// a slip of the SCEF, after a 200 to a one-time subscription as it should be.
    std::string resource_id;
    std::optional<Duration> retry_after;  ///< throttled
    std::string cause;
    /// created; to a subscription it may hold an immediate report (`parse_immediate_report`)
    std::string body;
};
ResourceOutcome classify_resource(const T8Answer& answer);

/// Last path segment of `…/3gpp-device-triggering/…/transactions/{id}` or
/// `…/3gpp-monitoring-event/…/subscriptions/{id}`; by the same rules as configuration_id_of().
std::optional<std::string> transaction_id_of(std::string_view link);
std::optional<std::string> subscription_id_of(std::string_view link);

}  // namespace scef::nidd
