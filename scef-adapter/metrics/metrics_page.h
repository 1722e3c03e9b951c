#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nidd/client/gate_counters.h"
#include "nidd/endpoint/http_listener.h"
#include "queueing/store/store_counters.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// One number of a part that is neither an engine nor the store nor a listener.
struct Sample {
    enum class Kind : std::uint8_t { counter, gauge } kind = Kind::counter;
    std::string name;  ///< without the prefix `scef_adapter_`; counters end in `_total`
    std::string help;
    /// Values from closed sets only (configured names, codes); never an External Identifier.
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
};

/// The text of `/metrics` (Prometheus text format 0.0.4): sums what the engines count and adds the
/// store, the listeners, the process and whatever else is registered. Thread-safe; collects anew at
/// each scrape.
class MetricsPage {
public:
    struct Sources {
        std::string version;
        /// The counters that the store was opened with; may be null.
        std::shared_ptr<const queueing::StoreCounters> store;
        /// Label `listener` and where its counters are; called on any thread.
        std::vector<std::pair<std::string, std::function<nidd::HttpListener::Counters()>>>
            listeners;
        /// More numbers (sockets, T8 client); called on any thread. Samples of one name must have
        /// one kind, one help and the same label names.
        std::vector<std::function<std::vector<Sample>()>> more;
        /// The calls to each SCEF, by its name; called on any thread.
        std::vector<std::pair<std::string, std::function<std::vector<nidd::GateCounters>()>>> scefs;
    };

    /// `shards` must outlive this, and this the scrapes under way.
    MetricsPage(ShardAccess& shards, Sources sources);

    /// Asks every shard and calls `done` once with the text, on the thread of the shard that
    /// answers last. Fits `MetricsSource` of the admin API.
    void render(std::function<void(std::string)> done) const;

private:
    ShardAccess& shards_;
    Sources sources_;
};

}  // namespace scef::adapter
