#include "scef-adapter/engine/counters.h"

#include <algorithm>

namespace scef::adapter {
namespace {

/// One may be empty.
template <typename Part>
void add_up(std::vector<Part>& sum, const std::vector<Part>& other) {
    if (sum.size() < other.size()) sum.resize(other.size());
    for (std::size_t i = 0; i < other.size(); ++i) sum[i] += other[i];
}

}  // namespace

EngineCounters& EngineCounters::operator+=(const EngineCounters& other) {
    server_datagrams += other.server_datagrams;
    server_datagrams_unknown_endpoint += other.server_datagrams_unknown_endpoint;
    server_datagrams_malformed += other.server_datagrams_malformed;
    server_retransmissions_absorbed += other.server_retransmissions_absorbed;
    server_requests_refused += other.server_requests_refused;
    custody_acks += other.custody_acks;
    deliveries_posted += other.deliveries_posted;
    deliveries_repeated += other.deliveries_repeated;
    deliveries_in_doubt += other.deliveries_in_doubt;
    uplinks += other.uplinks;
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
    idempotent_repeats += other.idempotent_repeats;
    oversize_answered += other.oversize_answered;
    oversize_rejected += other.oversize_rejected;
    coap += other.coap;
    add_up(scefs, other.scefs);
    return *this;
}

ScefGauges& ScefGauges::operator+=(const ScefGauges& other) {
    for (const auto& [reason, count] : other.queued_by_reason) queued_by_reason[reason] += count;
    for (std::size_t i = 0; i < messages_by_state.size(); ++i) {
        messages_by_state[i] += other.messages_by_state[i];
    }
    near_expiry += other.near_expiry;
    overdue_reports += other.overdue_reports;
    oldest_queued_seconds = std::max(oldest_queued_seconds, other.oldest_queued_seconds);
    for (std::size_t i = 0; i < devices.configurations.size(); ++i) {
        devices.configurations[i] += other.devices.configurations[i];
    }
    if (const auto first = other.devices.first_expiry) {
        devices.first_expiry = std::min(devices.first_expiry.value_or(*first), *first);
    }
    return *this;
}

EngineGauges& EngineGauges::operator+=(const EngineGauges& other) {
    devices += other.devices;
    devices_registered += other.devices_registered;
    for (std::size_t i = 0; i < devices_by_hearing.size(); ++i) {
        devices_by_hearing[i] += other.devices_by_hearing[i];
    }
    messages_open += other.messages_open;
    bytes_open += other.bytes_open;
    uplinks_open += other.uplinks_open;
    add_up(scefs, other.scefs);
    return *this;
}

}  // namespace scef::adapter
