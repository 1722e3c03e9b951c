#include "scef-adapter/metrics/metrics_page.h"

#include <mutex>

#include "scef-adapter/metrics/engine_metrics.h"
#include "scef-adapter/metrics/process_usage.h"
#include "scef-adapter/metrics/quota_metrics.h"

namespace scef::adapter {
namespace {

/// What the shards said so far.
struct Scrape {
    std::mutex mutex;
    std::size_t missing = 0;
    EngineCounters counters;
    EngineGauges gauges;
    std::vector<ScopeView> quotas;
};

void write_store(MetricWriter& out, const queueing::StoreCounts& counts) {
    out.histogram("store_commit_duration_seconds", counts.commit_buckets,
                  queueing::StoreCounts::bucket_ends, counts.commit_seconds_sum);
    out.value("store_commit_duration_max_seconds", counts.commit_seconds_max);
    out.value("store_batches_total", counts.batches);
    out.value("store_records_total", counts.records);
    out.value("store_written_bytes_total", counts.bytes);
    out.value("store_failed_batches_total", counts.failed_batches);
    out.value("store_quarantined_records_total", counts.quarantined);
}

void write_listener(MetricWriter& out, const std::string& name,
                    const nidd::HttpListener::Counters& counters) {
    const MetricLabels labels{{"listener", name}};
    out.value("http_connections_total", counters.connections, labels);
    out.value("http_requests_total", counters.requests, labels);
    out.value("http_rejected_requests_total", counters.rejected_by_policy, labels);
    out.value("http_timeouts_total", counters.timeouts, labels);
    out.value("http_refused_connections_total", counters.refused_connections, labels);
}

void write_process(MetricWriter& out, const ProcessUsage& usage) {
    out.value("process_cpu_seconds_total", usage.cpu_seconds);
    out.value("process_resident_memory_bytes", usage.resident_bytes);
    out.value("process_virtual_memory_bytes", usage.virtual_bytes);
    out.value("process_open_fds", usage.open_files);
    out.value("process_max_fds", usage.open_files_max);
    out.value("process_threads", usage.threads);
    out.value("process_start_time_seconds", usage.start_time_seconds);
}

}  // namespace

MetricsPage::MetricsPage(ShardAccess& shards, Sources sources)
    : shards_(shards), sources_(std::move(sources)) {}

void MetricsPage::write_parts(MetricWriter& out, Instant now) const {
    out.value("build_info", 1.0, {{"version", sources_.version}, {"commit", sources_.commit}});
    if (sources_.store) write_store(out, sources_.store->counts());
    if (!sources_.store_path.empty()) {
        out.value("store_bytes", octets_of_files(sources_.store_path));
    }
    for (const auto& [name, counters] : sources_.listeners) write_listener(out, name, counters());
    if (sources_.calls) {
        for (const ScefCalls& calls : sources_.calls()) write_t8(out, calls, now);
    }
    for (const auto& more : sources_.more) {
        for (const Sample& sample : more()) out.value(sample.name, sample.value, sample.labels);
    }
    write_process(out, ProcessUsage::now());
}

void MetricsPage::render(const std::function<void(std::string)>& done) const {
    const auto scrape = std::make_shared<Scrape>();
    scrape->missing = shards_.shards();
    for (ShardId shard = 0; shard < shards_.shards(); ++shard) {
        shards_.query(shard, [this, scrape, done](const Engine& engine, const Turn& turn) {
            const EngineGauges gauges = engine.gauges(turn.wall, turn.now);
            const auto quotas = quotas_owned_by(engine, engine.quota_time(turn));
            {
                const std::lock_guard lock(scrape->mutex);
                scrape->counters += engine.counters();
                scrape->gauges += gauges;
                scrape->quotas.insert(scrape->quotas.end(), quotas.begin(), quotas.end());
                if (--scrape->missing > 0) return;
            }
            MetricWriter out;
            write_gauges(out, scrape->gauges, sources_.scef_names, turn.wall);
            write_counters(out, scrape->counters, sources_.scef_names);
            write_quotas(out, scrape->quotas, turn.wall);
            write_parts(out, turn.now);
            done(out.text());
        });
    }
}

}  // namespace scef::adapter
