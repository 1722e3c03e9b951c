#include <algorithm>
#include <ctime>
#include <string>

#include "tests/bench/load/prepared_fleet.h"
#include "tests/bench/load/rows.h"

/// Rows about many devices and many messages.
namespace scef::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string short_number(std::size_t number) {
    if (number % 1'000'000 == 0) return std::to_string(number / 1'000'000) + "M";
    if (number % 1'000 == 0) return std::to_string(number / 1'000) + "k";
    return std::to_string(number);
}

/// How long a scrape takes, the median of some.
Result<double> scrape_ms(Stage& stage) {
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) {
        Duration took{};
        auto answer = stage.ask("GET", "/metrics", {}, &took);
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (answer->status != 200) return fail(Errc::unavailable, "the scrape is refused");
        times.push_back(seconds(took) * 1000);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// The adapter ends without a word, its store leaves the page cache, and it starts again.
Status restart(Stage& stage, Report& report, const std::string& row, const std::string& prefix) {
    stage.requests().stop();
    stage.adapter().kill();
    forget_pages(stage.adapter().store_folder());
    auto ready = stage.adapter().start();
    if (!ready) return tl::unexpected<Error>(std::move(ready.error()));
    stage.reconnect();
    report.add(row, prefix + "ready_seconds", seconds(*ready));
    const auto begin = Clock::now();
    const std::uint64_t before = stage.sink().deliveries();
    RequestPlan plan;
    plan.window = 1;
    plan.devices = spared_devices;
    stage.requests().start(plan);
    if (!stage.run_until([&] { return stage.sink().deliveries() > before; },
                         std::chrono::seconds(60))) {
        return fail(Errc::unavailable, "nothing is sent after the restart");
    }
    report.add(row, prefix + "first_send_seconds", seconds(Clock::now() - begin));
    stage.requests().stop();
    report.add(row, prefix + "resident_mb",
               static_cast<double>(stage.adapter().resident_octets()) / 1e6);
    return {};
}

}  // namespace

/// Each size with a store of its own; the same load runs over all of the fleet.
Status scale_row(const Options& options, Report& report) {
    const std::string row = "scale";
    for (const std::size_t devices : options.fleets) {
        const std::string prefix = short_number(devices) + "_";
        auto stage = make_large_stage(options, devices, 0);
        if (!stage) return tl::unexpected<Error>(std::move(stage.error()));
        Stage& s = **stage;
        s.run_for(std::chrono::seconds(1));
        report.add(row, prefix + "idle_resident_mb",
                   static_cast<double>(s.adapter().resident_octets()) / 1e6);
        const auto scrape = scrape_ms(s);
        if (!scrape) return tl::unexpected<Error>(scrape.error());
        report.add(row, prefix + "scrape_ms", *scrape);
        RequestPlan plan;
        plan.window = std::min(options.window, devices / 2);
        plan.devices = devices;
        s.requests().start(plan);
        const Measurement seen = measure(s, options.time);
        if (seen.requests.answered == 0) return fail(Errc::unavailable, "nothing is answered");
        const auto count = static_cast<double>(seen.requests.answered);
        report.add(row, prefix + "per_second", count / seen.seconds);
        report.add(row, prefix + "adapter_us", seen.adapter_us / count);
        report.add(row, prefix + "load_us", seen.load_us / count);
        report.add(row, prefix + "resident_mb", seen.resident_mb);
    }
    return {};
}

/// As many devices as the largest fleet has, without and with messages that wait.
Status restart_row(const Options& options, Report& report) {
    const std::string row = "restart";
    const std::size_t devices = options.fleets.back();
    report.add(row, "devices", static_cast<double>(devices));
    report.add(row, "queued", static_cast<double>(options.queued));
    for (const bool full : {false, true}) {
        const std::string prefix = full ? "full_" : "idle_";
        auto stage = make_large_stage(options, devices, full ? options.queued : 0);
        if (!stage) return tl::unexpected<Error>(std::move(stage.error()));
        if (auto status = restart(**stage, report, row, prefix); !status) return status;
        const auto scrape = scrape_ms(**stage);
        if (!scrape) return tl::unexpected<Error>(scrape.error());
        report.add(row, prefix + "scrape_ms", *scrape);
    }
    report.add(row, "octets_per_queued_message",
               (report.value(row, "full_resident_mb") - report.value(row, "idle_resident_mb")) *
                   1e6 / static_cast<double>(options.queued));
    return {};
}

}  // namespace scef::bench
