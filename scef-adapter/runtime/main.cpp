#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include "scef-adapter/config/config_notes.h"
#include "scef-adapter/metrics/metric_table.h"
#include "scef-adapter/runtime/daemon.h"

namespace {

using scef::adapter::Config;
using scef::adapter::Daemon;

constexpr auto stop_grace = std::chrono::seconds(8);

struct Options {
    std::string config;
    bool check = false;
    bool print_default = false;
    bool print_metrics = false;
};

void set_up_logging(const Config& config) {
    auto logger = spdlog::stderr_logger_mt("scef-adapter");
    spdlog::set_default_logger(logger);
    spdlog::set_level(spdlog::level::from_str(config.log.level));
    if (config.log.format == "json") {
        spdlog::set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%v"})");
    } else {
        spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
    }
}

/// The store failed: what is on disk is the truth, and only a new process reads it (an fsync is
/// never tried twice).
[[noreturn]] void die(const scef::Error& error) {
    spdlog::critical("STORE_FAILED {}", error.message);
    spdlog::shutdown();
    std::_Exit(EXIT_FAILURE);
}

int run(Config config) {
    boost::asio::io_context context;
    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    const Config shown = config;
    auto daemon = Daemon::start(std::move(config), SCEF_VERSION, die);
    if (!daemon) {
        std::cerr << "scef-adapter: " << daemon.error().message << '\n';
        return EXIT_FAILURE;
    }
    spdlog::info("READY version={} notifications={} admin={} virtual_endpoints={}:{}+{}",
                 SCEF_VERSION, shown.notifications.listen, shown.admin.listen,
                 shown.virtual_endpoints.prefix, shown.virtual_endpoints.port, shown.shards - 1);
    sd_notify(0, "READY=1");
    signals.async_wait([&](const boost::system::error_code&, int signal) {
        spdlog::info("STOPPING signal={}", signal);
        sd_notify(0, "STOPPING=1");
        std::signal(SIGTERM, SIG_DFL);  // a second one ends it at once
        std::signal(SIGINT, SIG_DFL);
    });
    context.run();
    (*daemon)->stop(stop_grace);
    spdlog::info("STOPPED");
    return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{
        "Bridge between LwM2M servers (CoAP over UDP) and devices that only a SCEF reaches "
        "(3GPP T8 NIDD).\nEach device is a UDP endpoint of its own to the LwM2M server."};
    Options options;
    app.add_option("--config", options.config, "YAML configuration file (docs/configuration.md)")
        ->type_name("FILE");
    app.add_flag("--check-config", options.check,
                 "check the configuration, print every mistake, exit");
    app.add_flag("--print-default-config", options.print_default,
                 "print a commented configuration with all defaults, exit");
    app.add_flag("--print-metrics", options.print_metrics,
                 "print the page that describes every metric (docs/metrics.md), exit");
    app.set_version_flag("--version", "scef-adapter " SCEF_VERSION);
    app.footer(
        "Example:\n  scef-adapter --print-default-config > config.yaml\n"
        "  scef-adapter --config config.yaml");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    if (options.print_default) {
        std::cout << scef::adapter::default_config_text();
        return EXIT_SUCCESS;
    }
    if (options.print_metrics) {
        std::cout << scef::adapter::metrics_markdown();
        return EXIT_SUCCESS;
    }
    if (options.config.empty()) {
        std::cerr << "scef-adapter: --config FILE is required; --print-default-config shows one\n";
        return EXIT_FAILURE;
    }
    auto config = scef::adapter::load_config(options.config);
    if (!config) {
        for (const std::string& sentence : config.error().sentences) std::cerr << sentence << '\n';
        return EXIT_FAILURE;
    }
    if (options.check) {
        std::cout << options.config << ": no mistakes\n";
        return EXIT_SUCCESS;
    }
    set_up_logging(*config);
    for (const std::string& note : scef::adapter::config_notes(*config)) {
        spdlog::warn("CONFIG_NOTE {}", note);
    }
    return run(std::move(*config));
}
