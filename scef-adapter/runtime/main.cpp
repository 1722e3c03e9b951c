#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include <CLI/CLI.hpp>

#include "queueing/store/store_restore.h"
#include "scef-adapter/config/configuration_keys.h"
#include "scef-adapter/logging/line_formatter.h"
#include "scef-adapter/metrics/metric_table.h"
#include "scef-adapter/runtime/service.h"

namespace {

struct Options {
    std::string config;
    bool check = false;
    bool print_default = false;
    bool print_metrics = false;
    std::string restore;
    std::string page;  ///< to print with its tables made anew
};

/// The tables of all keys, or a page that has places for them.
int print_reference(const std::string& page) {
    if (page.empty()) {
        std::cout << scef::adapter::configuration_reference();
        return EXIT_SUCCESS;
    }
    std::ifstream file(page);
    std::stringstream text;
    text << file.rdbuf();
    const auto renewed = scef::adapter::with_configuration_reference(text.str());
    if (!file || !renewed) {
        std::cerr << page << ": " << (file ? renewed.error().message : "cannot be read") << '\n';
        return EXIT_FAILURE;
    }
    std::cout << *renewed;
    return EXIT_SUCCESS;
}

int restore(const scef::adapter::Config& config, const std::string& backup) {
    auto options = scef::adapter::store_options_of(config, "scef-adapter " SCEF_VERSION);
    const auto restored = scef::queueing::restore_store(backup, options);
    if (!restored) {
        std::cerr << "scef-adapter: " << restored.error().message << '\n';
        return EXIT_FAILURE;
    }
    std::cout << backup << " is in " << config.store.path << ": " << restored->hot_records
              << " records are good";
    if (restored->corrupt_records > 0) {
        std::cout << ", " << restored->corrupt_records << " fail their check and were set aside";
    }
    std::cout << '\n';
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
    app.add_option("--restore", options.restore,
                   "put this backup of the store where the configuration has its store, exit")
        ->type_name("BACKUP");
    CLI::Option* reference = app.add_option(
        "--print-configuration-reference", options.page,
        "print the tables of all configuration keys, or a page with its tables made anew, exit");
    reference->expected(0, 1)->type_name("[PAGE]");
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
    if (reference->count() > 0) return print_reference(options.page);
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
    scef::adapter::set_up_log(config->log.level, config->log.format);
    if (!options.restore.empty()) return restore(*config, options.restore);
    return scef::adapter::Service(options.config).run(std::move(*config));
}
