#include "scef-adapter/metrics/metrics_page.h"

#include <limits>
#include <mutex>

#include "scef-adapter/metrics/metric_writer.h"
#include "scef-adapter/metrics/process_usage.h"
#include "scef-adapter/metrics/quota_metrics.h"
#include "scef-adapter/metrics/t8_metrics.h"

namespace scef::adapter {
namespace {

using queueing::MessageState;

double number(std::uint64_t value) { return static_cast<double>(value); }

/// What the shards said so far.
struct Scrape {
    std::mutex mutex;
    std::size_t missing = 0;
    EngineCounters counters;
    EngineGauges gauges;
    std::vector<ScopeView> quotas;
};

struct CounterRow {
    std::string_view name;
    std::string_view help;
    std::uint64_t EngineCounters::*value;
};

constexpr CounterRow counter_rows[] = {
    {"server_datagrams_total", "Datagrams that LwM2M servers sent to virtual endpoints.",
     &EngineCounters::server_datagrams},
    {"server_datagrams_unknown_endpoint_total", "Datagrams for a virtual endpoint of no device.",
     &EngineCounters::server_datagrams_unknown_endpoint},
    {"server_retransmissions_absorbed_total",
     "Repetitions of a request by an LwM2M server that were answered here and never went on the "
     "air.",
     &EngineCounters::server_retransmissions_absorbed},
    {"server_requests_refused_total",
     "Requests of LwM2M servers refused on entry (queue, quota, size, form).",
     &EngineCounters::server_requests_refused},
    {"custody_acks_total",
     "Empty ACKs by which the adapter took over a request of an LwM2M server.",
     &EngineCounters::custody_acks},
    {"server_copies_total", "Datagrams repeated towards LwM2M servers for want of an ACK.",
     &EngineCounters::server_copies},
    {"messages_enqueued_total", "Downlink messages taken into a queue.",
     &EngineCounters::messages_enqueued},
    {"t8_deliveries_posted_total", "Downlink deliveries POSTed to a SCEF, repetitions included.",
     &EngineCounters::deliveries_posted},
    {"t8_deliveries_repeated_total",
     "Deliveries POSTed again with the same octets: each is a risk that the device sees them "
     "twice.",
     &EngineCounters::deliveries_repeated},
    {"t8_deliveries_in_doubt_total", "POSTs whose outcome was not known and had to be found out.",
     &EngineCounters::deliveries_in_doubt},
    {"uplinks_total", "Uplink frames that came from SCEFs, duplicates included.",
     &EngineCounters::uplinks},
    {"uplink_bytes_total", "Octets of uplink frames.", &EngineCounters::uplink_bytes},
    {"downlink_bytes_total", "Octets handed to SCEFs for devices.",
     &EngineCounters::downlink_bytes},
    {"uplink_duplicates_total", "Uplink frames that a device or a SCEF sent again.",
     &EngineCounters::uplink_duplicates},
    {"uplink_unmatched_total", "Uplink responses and notifications that nothing waits for.",
     &EngineCounters::uplink_unmatched},
    {"uplink_over_quota_total", "Uplink frames beyond the uplink quota; counted, never delayed.",
     &EngineCounters::uplink_over_quota},
    {"uplinks_unanswered_total", "Uplinks that their LwM2M server did not settle in time.",
     &EngineCounters::uplinks_unanswered},
    {"stale_answers_total", "Answers of devices to requests that were over.",
     &EngineCounters::stale_answers},
    {"late_results_total", "Delivery results that came after the message had ended.",
     &EngineCounters::late_results},
    {"late_answers_served_total", "Late answers given to who asked the same again.",
     &EngineCounters::late_answers_served},
    {"questions_attached_total", "Requests attached to an open message that asks the same.",
     &EngineCounters::questions_attached},
    {"endpoint_name_mismatches_total",
     "Registrations refused because the endpoint name is not the device's.",
     &EngineCounters::endpoint_name_mismatches},
    {"quota_waits_total", "Times that a message had to wait for a quota.",
     &EngineCounters::quota_waits},
    {"events_ignored_total", "Events that fit no state; a steady rise is a defect.",
     &EngineCounters::events_ignored},
    {"nidd_configurations_created_total", "NIDD configurations created at SCEFs.",
     &EngineCounters::configurations_created},
    {"nidd_configuration_failures_total",
     "NIDD configurations that a SCEF did not create or renew.",
     &EngineCounters::configurations_failed},
    {"nidd_configurations_adopted_total",
     "NIDD configurations found at a SCEF whose creation was never answered.",
     &EngineCounters::configurations_adopted},
    {"nidd_configurations_orphaned_total",
     "NIDD configurations of ours deleted because no device stands behind them.",
     &EngineCounters::configurations_orphaned},
    {"test_notifications_total", "Test notifications of SCEFs.",
     &EngineCounters::test_notifications},
    {"wake_ups_total", "SMS triggers asked for.", &EngineCounters::triggers_sent},
    {"wake_ups_delivered_total", "SMS triggers that a SCEF reported as delivered.",
     &EngineCounters::triggers_delivered},
    {"wake_ups_failed_total", "SMS triggers refused, expired or not delivered.",
     &EngineCounters::triggers_failed},
    {"reachability_subscriptions_total", "Subscriptions to the reachability of devices.",
     &EngineCounters::subscriptions_made},
    {"reachability_reports_total", "Reports that a device can be reached.",
     &EngineCounters::reachability_reports},
    {"corrupt_records_total", "Stored records that could not be read back.",
     &EngineCounters::corrupt_records},
};

std::string label(std::string_view text) { return std::string(text); }

void write_engine_counters(MetricWriter& out, const EngineCounters& counters) {
    for (const CounterRow& row : counter_rows) {
        out.counter(row.name, row.help, number(counters.*row.value));
    }
    for (std::size_t i = static_cast<std::size_t>(MessageState::delivered);
         i < counters.messages_ended.size(); ++i) {
        out.counter("messages_terminal_total", "Downlink messages that ended, by their state.",
                    number(counters.messages_ended[i]),
                    {{"state", label(queueing::name_of(static_cast<MessageState>(i)))}});
    }
    constexpr std::string_view notifications = "t8_notifications_total";
    constexpr std::string_view notifications_help =
        "Notifications of SCEFs for a known device, by whether they were accepted.";
    out.counter(notifications, notifications_help, number(counters.notifications_accepted),
                {{"result", "accepted"}});
    out.counter(notifications, notifications_help, number(counters.notifications_refused),
                {{"result", "refused"}});
    constexpr std::string_view malformed = "coap_malformed_total";
    constexpr std::string_view malformed_help = "Frames that are no well-formed CoAP, by origin.";
    out.counter(malformed, malformed_help, number(counters.server_datagrams_malformed),
                {{"origin", "server"}});
    out.counter(malformed, malformed_help, number(counters.uplink_malformed),
                {{"origin", "device"}});
    out.counter("uplinks_unknown_rds_ports_total",
                "Uplinks dropped because no server of the device has their RDS ports.",
                number(counters.uplink_unknown_ports));
}

void write_engine_gauges(MetricWriter& out, const EngineGauges& gauges) {
    out.gauge("devices", "Devices provisioned.", number(gauges.devices));
    out.gauge("devices_registered", "Devices registered at their LwM2M server.",
              number(gauges.devices_registered));
    for (std::size_t i = 0; i < gauges.configurations.size(); ++i) {
        out.gauge("nidd_configurations", "NIDD configurations by status.",
                  number(gauges.configurations[i]),
                  {{"status", label(name_of(static_cast<NiddLink::Status>(i)))}});
    }
    out.gauge("messages_open", "Downlink messages that have not ended.",
              number(gauges.messages_open));
    out.gauge("queue_bytes", "Octets of downlink messages that have not ended.",
              number(gauges.bytes_open));
    out.gauge("uplinks_open", "Uplinks that their LwM2M server has not settled.",
              number(gauges.uplinks_open));
    using queueing::Reason;
    for (const Reason reason :
         {Reason::none, Reason::awaiting_window, Reason::quota, Reason::paused, Reason::not_before,
          Reason::order, Reason::configuration, Reason::throttled, Reason::retry}) {
        const auto found = gauges.queued_by_reason.find(reason);
        const std::string_view name = queueing::name_of(reason);
        out.gauge("queue_messages", "Downlink messages in state QUEUED by what they wait for.",
                  found == gauges.queued_by_reason.end() ? 0 : number(found->second),
                  {{"reason", label(name.empty() ? "none" : name)}});
    }
    out.gauge("queue_oldest_age_seconds", "Age of the oldest message in state QUEUED.",
              gauges.oldest_queued_seconds);
}

void write_store(MetricWriter& out, const queueing::StoreCounts& counts) {
    std::vector<MetricWriter::Bucket> buckets;
    for (std::size_t i = 0; i < counts.commit_buckets.size(); ++i) {
        const double end = i < queueing::StoreCounts::bucket_ends.size()
                               ? queueing::StoreCounts::bucket_ends[i]
                               : std::numeric_limits<double>::infinity();
        buckets.push_back({end, counts.commit_buckets[i]});
    }
    out.histogram("store_commit_duration_seconds",
                  "Time of one synchronous group commit of the store.", buckets,
                  counts.commit_seconds_sum);
    out.gauge("store_commit_duration_max_seconds", "The slowest group commit since the start.",
              counts.commit_seconds_max);
    out.counter("store_batches_total", "Engine turns written.", number(counts.batches));
    out.counter("store_records_total", "Records written or erased.", number(counts.records));
    out.counter("store_written_bytes_total", "Octets of keys and values handed to the store.",
                number(counts.bytes));
    out.counter("store_failed_batches_total", "Engine turns that the store could not write.",
                number(counts.failed_batches));
    out.counter("store_quarantined_records_total",
                "Records whose checksum failed and that were set aside.",
                number(counts.quarantined));
}

void write_listener(MetricWriter& out, const std::string& name,
                    const nidd::HttpListener::Counters& counters) {
    const MetricLabels labels{{"listener", name}};
    out.counter("http_connections_total", "TCP connections accepted.", number(counters.connections),
                labels);
    out.counter("http_requests_total", "HTTP requests that reached a handler.",
                number(counters.requests), labels);
    out.counter("http_rejected_requests_total", "HTTP requests refused for their form or size.",
                number(counters.rejected_by_policy), labels);
    out.counter("http_timeouts_total", "Connections closed because the peer was too slow.",
                number(counters.timeouts), labels);
    out.counter("http_refused_connections_total",
                "Connections refused or closed for the caps or the allowed sources.",
                number(counters.refused_connections), labels);
}

void write_process(MetricWriter& out, const ProcessUsage& usage) {
    out.counter("process_cpu_seconds_total", "CPU time, user and system.", usage.cpu_seconds);
    out.gauge("process_resident_memory_bytes", "Resident memory.", number(usage.resident_bytes));
    out.gauge("process_virtual_memory_bytes", "Virtual memory.", number(usage.virtual_bytes));
    out.gauge("process_open_fds", "Open file descriptors.", number(usage.open_files));
    out.gauge("process_max_fds", "Most file descriptors that may be open.",
              number(usage.open_files_max));
    out.gauge("process_threads", "Threads.", number(usage.threads));
    out.gauge("process_start_time_seconds", "Unix time at which the process started.",
              usage.start_time_seconds);
}

void write_samples(MetricWriter& out, const std::vector<Sample>& samples) {
    for (const Sample& sample : samples) {
        if (sample.kind == Sample::Kind::counter) {
            out.counter(sample.name, sample.help, sample.value, sample.labels);
        } else {
            out.gauge(sample.name, sample.help, sample.value, sample.labels);
        }
    }
}

}  // namespace

MetricsPage::MetricsPage(ShardAccess& shards, Sources sources)
    : shards_(shards), sources_(std::move(sources)) {}

void MetricsPage::render(std::function<void(std::string)> done) const {
    const auto scrape = std::make_shared<Scrape>();
    scrape->missing = shards_.shards();
    for (ShardId shard = 0; shard < shards_.shards(); ++shard) {
        shards_.query(shard, [this, scrape, done](const Engine& engine, const Turn& turn) {
            const EngineGauges gauges = engine.gauges(turn.wall);
            const auto quotas = quotas_owned_by(engine, engine.quota_time(turn));
            {
                const std::lock_guard lock(scrape->mutex);
                scrape->counters += engine.counters();
                scrape->gauges += gauges;
                scrape->quotas.insert(scrape->quotas.end(), quotas.begin(), quotas.end());
                if (--scrape->missing > 0) return;
            }
            MetricWriter out;
            out.gauge("build_info", "Always 1; the version is the label.", 1,
                      {{"version", sources_.version}});
            write_engine_gauges(out, scrape->gauges);
            write_engine_counters(out, scrape->counters);
            write_quotas(out, scrape->quotas);
            if (sources_.store) write_store(out, sources_.store->counts());
            for (const auto& [name, counters] : sources_.listeners) {
                write_listener(out, name, counters());
            }
            for (const auto& [name, gates] : sources_.scefs) write_t8(out, name, gates());
            for (const auto& more : sources_.more) write_samples(out, more());
            write_process(out, ProcessUsage::now());
            done(out.text());
        });
    }
}

}  // namespace scef::adapter
