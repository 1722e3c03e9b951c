#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "tests/bench/load/stage.h"

namespace scef::bench {

struct Options {
    std::string program;                      ///< path of `scef-adapter`
    std::string folder;                       ///< for stores and logs
    Duration time = std::chrono::seconds(3);  ///< of each measurement
    std::size_t devices = 10'000;             ///< of the rows that are not about scale
    std::uint16_t shards = 256;
    std::size_t connections = 64;
    std::size_t window = 512;
    std::size_t slow_connections = 1'000;
    std::vector<std::size_t> fleets = {1'000, 10'000, 100'000, 1'000'000};
    std::size_t queued = 1'000'000;  ///< messages of the row about a restart
};

/// Figures by row and name, in the order in which they were measured; each is printed as it comes.
class Report {
public:
    void add(const std::string& row, const std::string& name, double value);
    /// p50, p99 and p99.9 in milliseconds, under names that begin with `name`.
    void add(const std::string& row, const std::string& name, const LatencyHistogram& latencies);
    double value(const std::string& row, const std::string& name) const;
    std::string json() const;

private:
    std::vector<std::pair<std::string, std::vector<std::pair<std::string, double>>>> rows_;
};

/// What the store of an adapter has done since its start, as the adapter's metrics tell.
struct StoreWork {
    double batches = 0, records = 0, octets = 0, commits = 0, commit_seconds = 0;
};

/// What happened in a span of time.
struct Measurement {
    double seconds = 0;
    RequestFigures requests;
    UplinkFigures uplinks;
    double adapter_us = 0;   ///< processor time of the adapter
    double load_us = 0;      ///< of this process
    StoreWork store;         ///< about: its two ends are asked for a moment before and after
    double resident_mb = 0;  ///< of the adapter, at the end
};

/// Lets the running loads settle for a third of the time, then looks.
Measurement measure(Stage& stage, Duration time);
/// A stage of its own folder, with devices that the API adds. `store`: rocksdb or memory.
Result<std::unique_ptr<Stage>> make_stage(const Options& options, const std::string& store,
                                          std::size_t devices, AdapterSettings settings = {});
/// A durable one, with devices and waiting messages that are in its store when it starts.
Result<std::unique_ptr<Stage>> make_large_stage(const Options& options, std::size_t devices,
                                                std::size_t queued);

/// A row measures and reports, under its own name.
using Row = Status (*)(const Options& options, Report& report);
const std::vector<std::pair<std::string, Row>>& all_rows();

Status ceilings_row(const Options& options, Report& report);
Status downlink_row(const Options& options, Report& report);
Status uplink_row(const Options& options, Report& report);
Status round_trip_row(const Options& options, Report& report);
Status mixed_row(const Options& options, Report& report);
Status slow_scef_row(const Options& options, Report& report);
Status latency_row(const Options& options, Report& report);
Status overload_row(const Options& options, Report& report);
Status slow_row(const Options& options, Report& report);
Status scale_row(const Options& options, Report& report);
Status restart_row(const Options& options, Report& report);

}  // namespace scef::bench
