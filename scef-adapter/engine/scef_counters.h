#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <variant>

#include "nidd/types/t8_json.h"
#include "queueing/message.h"
#include "scef-adapter/engine/histogram.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {

/// How a downlink message ended.
struct MessageEnd {
    queueing::MessageKind kind = queueing::MessageKind::request;
    queueing::MessageState state = queueing::MessageState::delivered;
    queueing::DeliveryLevel level = queueing::DeliveryLevel::none;
    queueing::Reason reason = queueing::Reason::none;
    friend auto operator<=>(const MessageEnd&, const MessageEnd&) = default;
};

inline constexpr std::size_t quota_holders = 4;  ///< kinds of QuotaScope

inline constexpr std::size_t message_kinds = 3;
inline constexpr std::size_t priorities = 4;
inline constexpr std::size_t delivery_levels = 5;
inline constexpr std::size_t notification_kinds = std::variant_size_v<nidd::Notification>;

/// What an engine counts of the devices of one SCEF. Its size does not depend on the devices. Times
/// are of requests and opaque frames: a reply goes at once, and would only hide the others. Pure.
struct ScefCounters {
    using Count = std::uint64_t;

    std::array<std::array<Count, priorities>, message_kinds> enqueued{};
    std::map<MessageEnd, Count> ended;
    LifeHistogram queue_seconds;  ///< until the first POST
    std::array<LifeHistogram, delivery_levels> delivery_seconds;
    AttemptHistogram attempts;  ///< of each message that ended
    LifeHistogram ttl_slack;    ///< seconds of the TTL that were left at delivery
    Count windows_hit = 0;      ///< POSTed in an awake window, and heard in it
    Count windows_missed = 0;   ///< POSTed in one, and not heard in it
    Count uplink_bytes = 0, downlink_bytes = 0;
    /// By alternative of nidd::Notification.
    std::array<Count, notification_kinds> notifications_accepted{}, notifications_refused{};
    std::array<double, quota_holders> quota_wait_seconds{};

    void on_enqueued(const queueing::Message& message);
    /// It is POSTed for the first time or again; `window_until` is when its device stops hearing,
    /// `never` if it does not, zero if it does not hear now.
    void on_attempt(queueing::Message& message, WallTime wall, Instant window_until);
    /// What was POSTed was heard, or will not be.
    void on_heard(queueing::Message& message, bool heard, Instant now);
    void on_ended(queueing::Message& message, Instant now, WallTime wall);
    /// From now on it waits for that quota; `on_quota_wait_over` counts how long.
    void on_quota_wait(queueing::Message& message, QuotaScope::Kind holder, Instant now);
    void on_quota_wait_over(queueing::Message& message, Instant now);

    ScefCounters& operator+=(const ScefCounters& other);
};

std::string_view name_of(QuotaScope::Kind holder);
/// Of an alternative of nidd::Notification.
std::string_view notification_name(std::size_t alternative);

}  // namespace scef::adapter
