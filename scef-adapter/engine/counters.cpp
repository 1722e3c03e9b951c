#include "scef-adapter/engine/counters.h"

#include <algorithm>

namespace scef::adapter {

EngineCounters& EngineCounters::operator+=(const EngineCounters& other) {
    server_datagrams += other.server_datagrams;
    server_datagrams_unknown_endpoint += other.server_datagrams_unknown_endpoint;
    server_datagrams_malformed += other.server_datagrams_malformed;
    server_retransmissions_absorbed += other.server_retransmissions_absorbed;
    server_requests_refused += other.server_requests_refused;
    custody_acks += other.custody_acks;
    messages_enqueued += other.messages_enqueued;
    for (std::size_t i = 0; i < messages_ended.size(); ++i) {
        messages_ended[i] += other.messages_ended[i];
    }
    deliveries_posted += other.deliveries_posted;
    deliveries_repeated += other.deliveries_repeated;
    deliveries_in_doubt += other.deliveries_in_doubt;
    notifications_accepted += other.notifications_accepted;
    notifications_refused += other.notifications_refused;
    uplinks += other.uplinks;
    uplink_bytes += other.uplink_bytes;
    downlink_bytes += other.downlink_bytes;
    uplink_duplicates += other.uplink_duplicates;
    uplink_unmatched += other.uplink_unmatched;
    uplink_malformed += other.uplink_malformed;
    uplink_unknown_ports += other.uplink_unknown_ports;
    uplink_over_quota += other.uplink_over_quota;
    uplinks_unanswered += other.uplinks_unanswered;
    stale_answers += other.stale_answers;
    late_results += other.late_results;
    late_answers_served += other.late_answers_served;
    questions_attached += other.questions_attached;
    server_copies += other.server_copies;
    endpoint_name_mismatches += other.endpoint_name_mismatches;
    quota_waits += other.quota_waits;
    events_ignored += other.events_ignored;
    configurations_created += other.configurations_created;
    configurations_failed += other.configurations_failed;
    configurations_adopted += other.configurations_adopted;
    configurations_orphaned += other.configurations_orphaned;
    test_notifications += other.test_notifications;
    triggers_sent += other.triggers_sent;
    triggers_delivered += other.triggers_delivered;
    triggers_failed += other.triggers_failed;
    subscriptions_made += other.subscriptions_made;
    reachability_reports += other.reachability_reports;
    corrupt_records += other.corrupt_records;
    return *this;
}

EngineGauges& EngineGauges::operator+=(const EngineGauges& other) {
    devices += other.devices;
    devices_registered += other.devices_registered;
    messages_open += other.messages_open;
    bytes_open += other.bytes_open;
    uplinks_open += other.uplinks_open;
    for (const auto& [reason, count] : other.queued_by_reason) queued_by_reason[reason] += count;
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        configurations[i] += other.configurations[i];
    }
    oldest_queued_seconds = std::max(oldest_queued_seconds, other.oldest_queued_seconds);
    return *this;
}

}  // namespace scef::adapter
