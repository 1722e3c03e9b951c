#include "tests/bench/load/rows.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <utility>

#include "tests/bench/load/ceilings.h"

namespace scef::bench {
namespace {

using Clock = std::chrono::steady_clock;

double process_us() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) * 1e-3;
}

double adapter_us(const Stage& stage) {
    return std::chrono::duration<double, std::micro>(
               const_cast<Stage&>(stage).adapter().processor_time())
        .count();
}

/// The value of a metric without labels; zero if it is not there.
double metric(const std::string& page, const std::string& name) {
    const auto at = page.find("\n" + name + ' ');
    return at == std::string::npos ? 0 : std::strtod(page.c_str() + at + name.size() + 2, nullptr);
}

StoreWork store_work(Stage& stage) {
    const auto answer = stage.ask("GET", "/metrics");
    if (!answer || answer->status != 200) return {};
    const std::string& page = answer->body;
    const std::string prefix = "scef_adapter_";
    return {metric(page, prefix + "store_batches_total"),
            metric(page, prefix + "store_records_total"),
            metric(page, prefix + "store_written_bytes_total"),
            metric(page, prefix + "store_commit_duration_seconds_count"),
            metric(page, prefix + "store_commit_duration_seconds_sum")};
}

void report_store(Report& report, const std::string& row, const std::string& prefix,
                  const StoreWork& work, double messages) {
    report.add(row, prefix + "store_records", work.records / messages);
    report.add(row, prefix + "store_octets", work.octets / messages);
    report.add(row, prefix + "store_turns", work.batches / messages);
    report.add(row, prefix + "turns_per_commit", work.batches / work.commits);
    report.add(row, prefix + "commit_ms", work.commit_seconds / work.commits * 1000);
}

Status error_of(const Result<std::unique_ptr<Stage>>& stage) {
    return tl::unexpected<Error>(stage.error());
}

/// What the two stores have in common, for one kind of load.
void report_requests(Report& report, const std::string& row, const std::string& prefix,
                     const Measurement& seen, bool answered) {
    const auto count =
        static_cast<double>(answered ? seen.requests.answered : seen.requests.at_scef);
    report.add(row, prefix + "per_second", count / seen.seconds);
    report.add(row, prefix + "adapter_us", seen.adapter_us / count);
    report.add(row, prefix + "load_us", seen.load_us / count);
    report.add(row, prefix + "resident_mb", seen.resident_mb);
    report.add(row, prefix + "lost", static_cast<double>(seen.requests.lost));
    report.add(row, prefix + "refused", static_cast<double>(seen.requests.refused));
    report_store(report, row, prefix, seen.store, count);
    report.add(row, prefix + "to_scef", seen.requests.to_scef);
    if (answered) report.add(row, prefix + "to_answer", seen.requests.to_answer);
}

void report_uplinks(Report& report, const std::string& row, const std::string& prefix,
                    const Measurement& seen) {
    const auto count = static_cast<double>(seen.uplinks.taken);
    report.add(row, prefix + "per_second", count / seen.seconds);
    report.add(row, prefix + "forwarded_per_second",
               static_cast<double>(seen.uplinks.forwarded) / seen.seconds);
    report.add(row, prefix + "adapter_us", seen.adapter_us / count);
    report.add(row, prefix + "load_us", seen.load_us / count);
    report.add(row, prefix + "resident_mb", seen.resident_mb);
    report.add(row, prefix + "refused", static_cast<double>(seen.uplinks.refused));
    report_store(report, row, prefix, seen.store, count);
    report.add(row, prefix + "to_204", seen.uplinks.to_answer);
    report.add(row, prefix + "to_server", seen.uplinks.to_server);
}

RequestPlan plan_of(const Options& options, bool answered) {
    RequestPlan plan;
    plan.confirmable = answered;
    plan.window = options.window;
    plan.devices = options.devices;
    return plan;
}

/// Requests as fast as they end, with one store.
Result<Measurement> run_requests(const Options& options, const std::string& store, bool answered) {
    auto stage = make_stage(options, store, options.devices);
    if (!stage) return tl::unexpected<Error>(stage.error());
    (*stage)->devices_answer(answered);
    (*stage)->requests().start(plan_of(options, answered));
    Measurement seen = measure(**stage, options.time);
    if (seen.requests.at_scef == 0) return fail(Errc::unavailable, "no request reached the SCEF");
    return seen;
}

Result<Measurement> run_uplinks(const Options& options, const std::string& store) {
    auto stage = make_stage(options, store, options.devices);
    if (!stage) return tl::unexpected<Error>(stage.error());
    (*stage)->devices().start(options.connections, options.devices);
    Measurement seen = measure(**stage, options.time);
    if (seen.uplinks.forwarded == 0) return fail(Errc::unavailable, "no uplink was forwarded");
    return seen;
}

}  // namespace

Measurement measure(Stage& stage, Duration time) {
    stage.run_for(time / 3);
    const StoreWork before = store_work(stage);
    (void)stage.requests().take_figures();
    (void)stage.devices().take_figures();
    const double adapter = adapter_us(stage);
    const double own = process_us();
    const auto begin = Clock::now();
    stage.run_for(time);
    Measurement seen;
    seen.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    seen.adapter_us = adapter_us(stage) - adapter;
    seen.load_us = process_us() - own;
    seen.requests = stage.requests().take_figures();
    seen.uplinks = stage.devices().take_figures();
    const StoreWork after = store_work(stage);
    seen.store = {after.batches - before.batches, after.records - before.records,
                  after.octets - before.octets, after.commits - before.commits,
                  after.commit_seconds - before.commit_seconds};
    seen.resident_mb = static_cast<double>(stage.adapter().resident_octets()) / 1e6;
    return seen;
}

namespace {

AdapterSettings settings_in_folder(const Options& options, AdapterSettings settings) {
    settings.program = options.program;
    settings.shards = options.shards;
    settings.folder = options.folder + "/stage";
    if (settings.connections_max == AdapterSettings{}.connections_max) {
        settings.connections_max = options.connections;
    }
    std::filesystem::remove_all(settings.folder);
    std::filesystem::create_directories(settings.folder);
    return settings;
}

}  // namespace

Result<std::unique_ptr<Stage>> make_large_stage(const Options& options, std::size_t devices,
                                                std::size_t queued) {
    return Stage::open(settings_in_folder(options, {}), devices, queued);
}

Result<std::unique_ptr<Stage>> make_stage(const Options& options, const std::string& store,
                                          std::size_t devices, AdapterSettings settings) {
    settings.store = store;
    auto stage = Stage::open(settings_in_folder(options, std::move(settings)));
    if (!stage) return stage;
    if (auto provisioned = (*stage)->provision(devices); !provisioned) {
        return tl::unexpected<Error>(std::move(provisioned.error()));
    }
    return stage;
}

Status ceilings_row(const Options& options, Report& report) {
    const std::string row = "ceilings";
    const auto add = [&](const std::string& name, const Ceiling& ceiling) {
        report.add(row, name + "_per_second", ceiling.per_second);
        report.add(row, name + "_us", ceiling.processor_us);
    };
    add("post_loop", bare_post_loop(options.connections, options.time));
    add("server", bare_server(options.connections, options.time));
    add("datagrams", bare_datagrams(64, options.time));
    for (const std::size_t batch : {1u, 16u, 64u, 256u}) {
        const std::string size = std::to_string(batch);
        add("append_" + size, bare_append(options.folder, batch, options.time / 2));
        add("rocksdb_" + size, bare_rocksdb(options.folder, batch, options.time / 2));
        add("store_" + size, store_commits(options.folder, batch, options.time / 2));
    }
    return {};
}

Status downlink_row(const Options& options, Report& report) {
    const Ceiling before = bare_post_loop(options.connections, options.time / 2);
    const auto durable = run_requests(options, "rocksdb", false);
    if (!durable) return tl::unexpected<Error>(durable.error());
    const Ceiling after = bare_post_loop(options.connections, options.time / 2);
    const auto memory = run_requests(options, "memory", false);
    if (!memory) return tl::unexpected<Error>(memory.error());
    report.add("downlink", "bare_per_second", (before.per_second + after.per_second) / 2);
    report.add("downlink", "bare_us", (before.processor_us + after.processor_us) / 2);
    report_requests(report, "downlink", "durable_", *durable, false);
    report_requests(report, "downlink", "memory_", *memory, false);
    return {};
}

Status uplink_row(const Options& options, Report& report) {
    const Ceiling before = bare_server(options.connections, options.time / 2);
    const auto durable = run_uplinks(options, "rocksdb");
    if (!durable) return tl::unexpected<Error>(durable.error());
    const Ceiling after = bare_server(options.connections, options.time / 2);
    const auto memory = run_uplinks(options, "memory");
    if (!memory) return tl::unexpected<Error>(memory.error());
    report.add("uplink", "bare_per_second", (before.per_second + after.per_second) / 2);
    report.add("uplink", "bare_us", (before.processor_us + after.processor_us) / 2);
    report_uplinks(report, "uplink", "durable_", *durable);
    report_uplinks(report, "uplink", "memory_", *memory);
    return {};
}

Status round_trip_row(const Options& options, Report& report) {
    const std::string row = "round-trip";
    const Ceiling post = bare_post_loop(options.connections, options.time / 2);
    const auto durable = run_requests(options, "rocksdb", true);
    if (!durable) return tl::unexpected<Error>(durable.error());
    const Ceiling server = bare_server(options.connections, options.time / 2);
    const auto memory = run_requests(options, "memory", true);
    if (!memory) return tl::unexpected<Error>(memory.error());
    const Ceiling datagrams = bare_datagrams(64, options.time / 2);
    const Ceiling commits = bare_rocksdb(options.folder, 64, options.time / 2);
    report.add(row, "bare_per_second", std::min(post.per_second, server.per_second));
    // One POST, one notification, a datagram in and one out, and a record for each of its turns: of
    // the request, of the SCEF's answer, of the device's.
    constexpr double commits_of_round_trip = 3;
    report.add(row, "bare_us",
               post.processor_us + server.processor_us + datagrams.processor_us +
                   commits_of_round_trip * commits.processor_us);
    report_requests(report, row, "durable_", *durable, true);
    report_requests(report, row, "memory_", *memory, true);
    return {};
}

Status mixed_row(const Options& options, Report& report) {
    auto stage = make_stage(options, "rocksdb", options.devices);
    if (!stage) return error_of(stage);
    RequestPlan plan = plan_of(options, true);
    plan.window /= 2;
    (*stage)->requests().start(plan);
    (*stage)->devices().start(options.connections / 2, options.devices);
    const Measurement seen = measure(**stage, options.time);
    report_requests(report, "mixed", "requests_", seen, true);
    report.add("mixed", "uplinks_per_second",
               static_cast<double>(seen.uplinks.taken) / seen.seconds);
    report.add("mixed", "uplinks_to_204", seen.uplinks.to_answer);
    report.add("mixed", "uplinks_to_server", seen.uplinks.to_server);
    return {};
}

/// As many connections as POSTs are open at a time: each has its own.
Status slow_scef_row(const Options& options, Report& report) {
    AdapterSettings settings;
    settings.connections_max = 4096;
    auto stage = make_stage(options, "rocksdb", options.devices, std::move(settings));
    if (!stage) return error_of(stage);
    const Duration delay = std::min<Duration>(std::chrono::seconds(1), options.time);
    (*stage)->sink().answer_after(delay);
    RequestPlan plan = plan_of(options, false);
    plan.window = std::min<std::size_t>(8192, options.devices / 2);
    (*stage)->devices_answer(false);
    (*stage)->requests().start(plan);
    (*stage)->run_for(delay * 2);
    const Measurement seen = measure(**stage, options.time * 2);
    report.add("slow-scef", "bound_per_second",
               std::min(4096.0, static_cast<double>(plan.window)) /
                   std::chrono::duration<double>(delay).count());
    report_requests(report, "slow-scef", "durable_", seen, false);
    return {};
}

}  // namespace scef::bench
