#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nidd/endpoint/http_listener.h"
#include "queueing/store/store_counters.h"
#include "scef-adapter/metrics/metric_writer.h"
#include "scef-adapter/metrics/t8_metrics.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// One number of a part that is neither an engine nor the store nor a listener: a counter or gauge
/// of the metric table, by its name there, with the labels that it has there.
struct Sample {
    std::string name;
    MetricLabels labels;
    double value = 0;
};

/// The text of `/metrics` (Prometheus text format 0.0.4): sums what the engines count and adds the
/// store, the listeners, the process and whatever else is registered. Thread-safe; collects anew at
/// each scrape.
class MetricsPage {
public:
    struct Sources {
        std::string version, commit;
        std::vector<std::string> scef_names;  ///< by place in the configuration
        std::string store_path;               ///< the folder of its files; empty: there are none
        /// The counters that the store was opened with; may be null.
        std::shared_ptr<const queueing::StoreCounters> store;
        /// Label `listener` and where its counters are; called on any thread.
        std::vector<std::pair<std::string, std::function<nidd::HttpListener::Counters()>>>
            listeners;
        /// More numbers (sockets, webhooks); called on any thread.
        std::vector<std::function<std::vector<Sample>()>> more;
        /// The calls to each SCEF; called on any thread.
        std::function<std::vector<ScefCalls>()> calls;
    };

    /// `shards` must outlive this, and this the scrapes under way.
    MetricsPage(ShardAccess& shards, Sources sources);

    /// Asks every shard and calls `done` once with the text, on the thread of the shard that
    /// answers last. Fits `MetricsSource` of the admin API.
    void render(const std::function<void(std::string)>& done) const;

private:
    /// All that is not an engine's. `now` is of the steady clock.
    void write_parts(MetricWriter& out, Instant now) const;

    ShardAccess& shards_;
    Sources sources_;
};

}  // namespace scef::adapter
