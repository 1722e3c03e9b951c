#include <csignal>
#include <iostream>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include "simulators/modem-simulator/control_api.h"
#include "simulators/modem-simulator/options.h"
#include "simulators/modem-simulator/runtime.h"

namespace {

using namespace scef::modem_simulator;

/// Blocks the signals that end the program, in this thread and those it starts.
sigset_t block_end_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

/// Each tap and each AT modem needs descriptors; the system's first limit is for fewer.
void allow_many_descriptors() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

int refuse(const scef::Error& error) {
    std::cerr << "modem-simulator: " << error.message << "\n";
    return 1;
}

void say_ready(const Runtime& runtime, const ControlApi* api) {
    std::cout << "listening api=" << (api == nullptr ? "none" : api->local().text()) << " at=";
    const auto modems = runtime.at_modems();
    if (modems.empty()) std::cout << "none";
    for (std::size_t i = 0; i < modems.size(); ++i) {
        std::cout << (i == 0 ? "" : ",") << modems[i].path << '=' << modems[i].id.text();
    }
    std::cout << " taps=";
    const auto taps = runtime.taps();
    if (taps.empty()) std::cout << "none";
    for (std::size_t i = 0; i < taps.size(); ++i) {
        std::cout << (i == 0 ? "" : ",") << taps[i].local.text() << '=' << taps[i].id.text();
    }
    std::cout << std::endl;
}

int run(const Settings& settings) {
    const sigset_t signals = block_end_signals();
    allow_many_descriptors();
    const auto runtime = Runtime::open(settings);
    if (!runtime) return refuse(runtime.error());
    std::unique_ptr<ControlApi> api;
    if (settings.api) {
        auto opened = ControlApi::open(*settings.api, **runtime);
        if (!opened) return refuse(opened.error());
        api = std::move(*opened);
    }
    (*runtime)->start();
    say_ready(**runtime, api.get());
    spdlog::info("STARTED scef={} devices={} fleet={} taps={} at={} state={}", settings.scef.text(),
                 settings.devices.size(), settings.fleet.size(), settings.taps.size(),
                 settings.at_modems.size(), settings.start_state);
    int signal = 0;
    sigwait(&signals, &signal);
    spdlog::info("STOPPING signal={}", signal);
    if (api) api->stop();
    (*runtime)->stop();
    const Totals totals = (*runtime)->with([](Simulation& s, scef::Turn&) { return s.totals(); });
    spdlog::info("STOPPED up={} down={} refused={} lost={}", totals.up, totals.down, totals.refused,
                 totals.lost);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto parsed = parse_options(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    const Settings& settings = std::get<Settings>(parsed);
    spdlog::set_default_logger(spdlog::stderr_color_mt("modem-simulator"));
    spdlog::set_pattern("%H:%M:%S.%e %^%L%$ %v");
    spdlog::set_level(spdlog::level::from_str(settings.log_level));
    return run(settings);
}
