#include <csignal>
#include <iostream>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "simulators/lwm2m-server-simulator/lwm2m_server.h"
#include "simulators/lwm2m-server-simulator/options.h"
#include "simulators/lwm2m-server-simulator/rest_api.h"

namespace {

using namespace scef::lwm2m_server_simulator;

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

int refuse(const scef::Error& error) {
    std::cerr << "lwm2m-server-simulator: " << error.message << "\n";
    return 1;
}

int run(const Options& options) {
    const sigset_t signals = block_end_signals();
    const auto server = Lwm2mServer::open(options.server);
    if (!server) return refuse(server.error());
    const auto api = RestApi::open(options.api, **server);
    if (!api) return refuse(api.error());

    std::cout << "listening coap=" << (*server)->address() << " api=" << (*api)->address()
              << std::endl;
    spdlog::info("STARTED coap={} api={} role={}", (*server)->address(), (*api)->address(),
                 options.server.bootstrap ? "bootstrap" : "management");
    int signal = 0;
    sigwait(&signals, &signal);
    spdlog::info("STOPPING signal={}", signal);
    (*server)->stop();
    (*api)->stop();
    spdlog::info("STOPPED counters={}", (*server)->counters().to_json().dump());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) return options.error();
    spdlog::set_default_logger(spdlog::stderr_color_mt("lwm2m-server-simulator"));
    spdlog::set_level(spdlog::level::from_str(options->log_level));
    return run(*options);
}
