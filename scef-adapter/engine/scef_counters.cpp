#include "scef-adapter/engine/scef_counters.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace scef::adapter {

using queueing::Message;
using queueing::MessageState;

namespace {

template <typename Enumerator>
constexpr std::size_t place(Enumerator value) {
    return static_cast<std::size_t>(value);
}

/// A clock that was set back makes no time negative.
double seconds_between(auto from, auto to) {
    return std::max(std::chrono::duration<double>(to - from).count(), 0.0);
}

template <typename Array>
void add_up(Array& sum, const Array& other) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
}

}  // namespace

std::string_view name_of(QuotaScope::Kind holder) {
    static constexpr std::array<std::string_view, quota_holders> names{"device", "group", "scef",
                                                                       "account"};
    return names.at(place(holder));
}

std::string_view notification_name(std::size_t alternative) {
    static constexpr std::array<std::string_view, notification_kinds> names{
        "uplink", "delivery_status", "configuration_status",
        "test",   "trigger_report",  "monitoring"};
    return names.at(alternative);
}

void ScefCounters::on_enqueued(const Message& message) {
    ++enqueued[place(message.kind)][place(message.priority)];
}

void ScefCounters::on_attempt(Message& message, WallTime wall, Instant window_until) {
    if (message.is_reply()) return;
    if (!std::exchange(message.is_queue_time_known, true) && message.attempts == 1) {
        queue_seconds.add(seconds_between(message.created_at, wall));
    }
    message.window_until = window_until == never ? Instant{} : window_until;
}

void ScefCounters::on_heard(Message& message, bool heard, Instant now) {
    if (message.window_until == Instant{}) return;
    ++(heard && now <= message.window_until ? windows_hit : windows_missed);
    message.window_until = {};
}

void ScefCounters::on_ended(Message& message, Instant now, WallTime wall) {
    ++ended[{message.kind, message.state, message.level, message.reason}];
    on_quota_wait_over(message, now);
    const bool is_delivered = message.state == MessageState::delivered;
    const bool is_withdrawn =
        message.state == MessageState::canceled || message.state == MessageState::superseded;
    if (is_withdrawn) message.window_until = {};  // it tells nothing of the window
    on_heard(message, is_delivered, now);
    if (message.is_reply()) return;
    attempts.add(message.attempts);
    if (!is_delivered) return;
    delivery_seconds[place(message.level)].add(seconds_between(message.created_at, wall));
    ttl_slack.add(seconds_between(wall, message.expires_at));
}

void ScefCounters::on_quota_wait(Message& message, QuotaScope::Kind holder, Instant now) {
    message.quota_wait_since = now;
    message.quota_holder = static_cast<std::uint8_t>(holder);
}

void ScefCounters::on_quota_wait_over(Message& message, Instant now) {
    if (message.quota_wait_since == never) return;
    quota_wait_seconds[message.quota_holder] += seconds_between(message.quota_wait_since, now);
    message.quota_wait_since = never;
}

ScefCounters& ScefCounters::operator+=(const ScefCounters& other) {
    for (std::size_t i = 0; i < enqueued.size(); ++i) add_up(enqueued[i], other.enqueued[i]);
    for (const auto& [end, count] : other.ended) ended[end] += count;
    queue_seconds += other.queue_seconds;
    add_up(delivery_seconds, other.delivery_seconds);
    attempts += other.attempts;
    ttl_slack += other.ttl_slack;
    windows_hit += other.windows_hit;
    windows_missed += other.windows_missed;
    uplink_bytes += other.uplink_bytes;
    downlink_bytes += other.downlink_bytes;
    add_up(notifications_accepted, other.notifications_accepted);
    add_up(notifications_refused, other.notifications_refused);
    add_up(quota_wait_seconds, other.quota_wait_seconds);
    return *this;
}

}  // namespace scef::adapter
