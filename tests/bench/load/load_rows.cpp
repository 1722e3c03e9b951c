#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/steady_timer.hpp>
#include <sys/resource.h>

#include "tests/bench/load/rows.h"
#include "tests/bench/load/slow_connections.h"

/// Rows about what happens below and above the most that the adapter can do.
namespace scef::bench {
namespace {

using Clock = std::chrono::steady_clock;

RequestPlan plan_at(const Options& options, double rate) {
    RequestPlan plan;
    plan.rate = rate;
    plan.window = 60'000;
    plan.devices = options.devices;
    return plan;
}

/// Round trips a second, as fast as they end.
double most(Stage& stage, const Options& options) {
    RequestPlan plan;
    plan.window = options.window;
    plan.devices = options.devices;
    stage.requests().start(plan);
    const Measurement seen = measure(stage, options.time);
    stage.requests().stop();
    stage.run_until([&] { return stage.requests().open() == 0; }, std::chrono::seconds(12));
    return static_cast<double>(seen.requests.answered) / seen.seconds;
}

/// Asks for something again and again, one at a time with a pause, and remembers how long it took.
class Probe {
public:
    using Ask = std::function<void(HttpClients::Done)>;

    Probe(boost::asio::io_context& context, Ask ask, Duration pause = std::chrono::milliseconds(20))
        : timer_(context), ask_(std::move(ask)), pause_(pause) {}

    /// Begins, or goes on after `stop`.
    void start() {
        running_ = true;
        if (!busy_) once();
    }
    void stop() {
        running_ = false;
        timer_.cancel();
    }
    const LatencyHistogram& latencies() const { return latencies_; }

private:
    void once() {
        busy_ = running_;
        if (!busy_) return;
        const auto begin = Clock::now();
        ask_([this, begin](const HttpAnswer& answer) {
            if (running_ && answer.status / 100 == 2) latencies_.record(Clock::now() - begin);
            timer_.expires_after(pause_);
            timer_.async_wait([this](const boost::system::error_code&) { once(); });
        });
    }

    boost::asio::steady_timer timer_;
    Ask ask_;
    Duration pause_;
    bool running_ = false, busy_ = false;
    LatencyHistogram latencies_;
};

/// What a SCEF and a monitor ask while something else goes on.
class Others {
public:
    Others(Stage& stage, HttpClients& admin, HttpClients& scef, Duration pause)
        : health_(
              stage.context(),
              [&admin](HttpClients::Done done) {
                  admin.submit(http_request("GET", "/healthz"), std::move(done));
              },
              pause),
          notification_(
              stage.context(),
              [&scef, uplink = stage.fleet().at(0).notification_target](HttpClients::Done done) {
                  scef.submit(http_request("POST", uplink, uplink_body(0, Bytes{0x70, 0, 0, 1})),
                              std::move(done));
              },
              pause) {}

    void start() {
        health_.start();
        notification_.start();
    }
    void stop() {
        health_.stop();
        notification_.stop();
    }
    void report(Report& report, const std::string& row, const std::string& prefix) const {
        report.add(row, prefix + "health", health_.latencies());
        report.add(row, prefix + "notification", notification_.latencies());
    }

private:
    Probe health_, notification_;
};

}  // namespace

Status latency_row(const Options& options, Report& report) {
    const std::string row = "latency";
    auto stage = make_stage(options, "rocksdb", options.devices);
    if (!stage) return tl::unexpected<Error>(stage.error());
    const double maximum = most(**stage, options);
    report.add(row, "maximum_per_second", maximum);
    for (const int percent : {10, 25, 50, 75, 90}) {
        (*stage)->requests().start(plan_at(options, maximum * percent / 100));
        const Measurement seen = measure(**stage, options.time);
        const std::string load = "load_" + std::to_string(percent) + "_";
        report.add(row, load + "per_second",
                   static_cast<double>(seen.requests.answered) / seen.seconds);
        report.add(row, load + "lost", static_cast<double>(seen.requests.lost));
        report.add(row, load + "adapter_us",
                   seen.adapter_us / static_cast<double>(seen.requests.answered));
        report.add(row, load + "to_scef", seen.requests.to_scef);
        report.add(row, load + "to_answer", seen.requests.to_answer);
    }
    return {};
}

Status overload_row(const Options& options, Report& report) {
    const std::string row = "overload";
    AdapterSettings settings;
    settings.queue_messages = std::size_t{16} * options.shards;
    auto stage = make_stage(options, "rocksdb", options.devices, std::move(settings));
    if (!stage) return tl::unexpected<Error>(stage.error());
    Stage& s = **stage;
    const double maximum = most(s, options);
    HttpClients admin(s.context(), s.adapter().admin_port(), 1);
    HttpClients scef(s.context(), s.adapter().notification_port(), 1);
    Others others(s, admin, scef, std::chrono::milliseconds(20));
    s.requests().start(plan_at(options, maximum * 5));
    s.run_for(options.time / 3);
    others.start();
    const Measurement seen = measure(s, options.time * 2);
    others.stop();
    report.add(row, "maximum_per_second", maximum);
    report.add(row, "offered_per_second", maximum * 5);
    report.add(row, "sent_per_second", static_cast<double>(seen.requests.sent) / seen.seconds);
    report.add(row, "goodput_per_second",
               static_cast<double>(seen.requests.answered) / seen.seconds);
    report.add(row, "refused_per_second",
               static_cast<double>(seen.requests.refused) / seen.seconds);
    report.add(row, "lost_per_second", static_cast<double>(seen.requests.lost) / seen.seconds);
    report.add(row, "withheld_per_second",
               static_cast<double>(seen.requests.withheld) / seen.seconds);
    report.add(row, "to_answer", seen.requests.to_answer);
    report.add(row, "to_refusal", seen.requests.to_refusal);
    others.report(report, row, "");
    report.add(row, "resident_mb", seen.resident_mb);
    return {};
}

Status slow_row(const Options& options, Report& report) {
    const std::string row = "slow";
    // For the adapter, too, which is a child: each connection is one at both ends.
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    auto stage = make_stage(options, "rocksdb", std::min<std::size_t>(options.devices, 100));
    if (!stage) return tl::unexpected<Error>(stage.error());
    Stage& s = **stage;
    HttpClients admin(s.context(), s.adapter().admin_port(), 1);
    HttpClients scef(s.context(), s.adapter().notification_port(), 1);
    constexpr Duration pause = std::chrono::milliseconds(5);
    Others alone(s, admin, scef, pause), beside(s, admin, scef, pause);
    SlowConnections slow(s.context(), {s.adapter().admin_port(), s.adapter().notification_port()},
                         options.slow_connections);
    std::size_t open = 0;
    for (int round = 0; round < 4; ++round) {  // in turns, so that a busy minute meets both
        alone.start();
        s.run_for(options.time);
        alone.stop();
        slow.open();
        // Until the first ones are ended by their time limit and made anew.
        if (!s.run_until([&] { return slow.now_open() >= options.slow_connections * 9 / 10; },
                         std::chrono::seconds(30))) {
            return fail(Errc::unavailable, "the slow connections were not taken");
        }
        beside.start();
        s.run_for(options.time * 2);
        beside.stop();
        open = slow.now_open();
        slow.close();
        s.run_for(options.time / 6);
    }
    report.add(row, "connections", static_cast<double>(open));
    report.add(row, "ended_by_the_adapter", static_cast<double>(slow.ended()));
    alone.report(report, row, "alone_");
    beside.report(report, row, "beside_");
    return {};
}

}  // namespace scef::bench
