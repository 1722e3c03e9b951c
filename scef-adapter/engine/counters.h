#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "scef-adapter/engine/coap_counters.h"
#include "scef-adapter/engine/device_census.h"
#include "scef-adapter/engine/scef_counters.h"

namespace scef::adapter {

/// What an engine counts; read by its own thread only and added up over shards at a scrape.
struct EngineCounters {
    std::uint64_t server_datagrams = 0;
    std::uint64_t server_datagrams_unknown_endpoint = 0;
    std::uint64_t server_datagrams_malformed = 0;
    std::uint64_t server_retransmissions_absorbed = 0;
    std::uint64_t server_requests_refused = 0;
    std::uint64_t custody_acks = 0;
    std::uint64_t deliveries_posted = 0;
    std::uint64_t deliveries_repeated = 0;  ///< the same octets once more: a risk of duplicates
    std::uint64_t deliveries_in_doubt = 0;
    std::uint64_t uplinks = 0;
    std::uint64_t uplink_duplicates = 0;
    std::uint64_t uplink_unmatched = 0;
    std::uint64_t uplink_malformed = 0;
    std::uint64_t uplink_unknown_ports = 0;  ///< RDS ports of none of the device's servers
    std::uint64_t uplink_over_quota = 0;
    std::uint64_t uplinks_unanswered = 0;        ///< the server did not settle them in time
    std::uint64_t stale_answers = 0;             ///< U9
    std::uint64_t late_results = 0;              ///< D15
    std::uint64_t late_answers_served = 0;       ///< D2
    std::uint64_t questions_attached = 0;        ///< D2
    std::uint64_t server_copies = 0;             ///< datagrams repeated towards servers
    std::uint64_t endpoint_name_mismatches = 0;  ///< U10
    std::uint64_t quota_waits = 0;
    std::uint64_t events_ignored = 0;  ///< no row of the table fits
    std::uint64_t configurations_created = 0;
    std::uint64_t configurations_failed = 0;
    std::uint64_t configurations_adopted = 0;   ///< found at the SCEF without our knowing
    std::uint64_t configurations_orphaned = 0;  ///< found there without a device, and deleted
    std::uint64_t test_notifications = 0;
    std::uint64_t triggers_sent = 0, triggers_delivered = 0, triggers_failed = 0;
    std::uint64_t subscriptions_made = 0;    ///< to a device's reachability
    std::uint64_t reachability_reports = 0;  ///< that said so
    std::uint64_t corrupt_records = 0;
    std::uint64_t idempotent_repeats = 0;  ///< API requests under a known Idempotency-Key
    std::uint64_t oversize_answered = 0;   ///< requests answered 4.13 with a fitting block size
    std::uint64_t oversize_rejected = 0;   ///< other frames that no SCEF would take
    CoapCounters coap;                     ///< frames on the device leg
    std::vector<ScefCounters> scefs;       ///< by place in the configuration

    EngineCounters& operator+=(const EngineCounters& other);
};

/// What an engine holds right now of the devices of one SCEF.
struct ScefGauges {
    std::map<queueing::Reason, std::uint64_t> queued_by_reason;
    std::array<std::uint64_t, 11> messages_by_state{};  ///< by MessageState, those not ended
    std::uint64_t near_expiry = 0;      ///< QUEUED, with less than a fifth of the TTL left
    std::uint64_t overdue_reports = 0;  ///< with the SCEF longer than the TTL and a quarter hour
    double oldest_queued_seconds = 0;
    DeviceCounts::OfScef devices;

    ScefGauges& operator+=(const ScefGauges& other);
};

/// What an engine holds right now.
struct EngineGauges {
    std::uint64_t devices = 0;
    std::uint64_t devices_registered = 0;
    std::array<std::uint64_t, hearing_kinds> devices_by_hearing{};
    std::uint64_t messages_open = 0;
    std::uint64_t bytes_open = 0;
    std::uint64_t uplinks_open = 0;
    std::vector<ScefGauges> scefs;  ///< by place in the configuration

    EngineGauges& operator+=(const EngineGauges& other);
};

}  // namespace scef::adapter
