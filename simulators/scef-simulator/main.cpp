#include <csignal>
#include <iostream>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "simulators/scef-simulator/behaviour.h"
#include "simulators/scef-simulator/settings_check.h"
#include "simulators/scef-simulator/settings_file.h"
#include "simulators/scef-simulator/simulator.h"

namespace {

using scef::scef_simulator::Settings;

int fail_with(const std::string& sentence) {
    std::cerr << "scef-simulator: " << sentence << '\n';
    return 1;
}

/// The files named on the command line.
struct Files {
    std::string config;
    std::string faults;
};

void describe_listeners(CLI::App& app, Settings& settings) {
    constexpr const char* group = "Listeners";
    app.add_option("--listen", settings.listen, "T8 (HTTP), for the SCS/AS; port 0 picks one")
        ->type_name("HOST:PORT")
        ->capture_default_str()
        ->group(group);
    app.add_option("--modem-listen", settings.modem_listen, "modem link (UDP), for modem-simulator")
        ->type_name("HOST:PORT")
        ->capture_default_str()
        ->group(group);
    app.add_option("--control", settings.control, "control API (HTTP), for people and tests")
        ->type_name("HOST:PORT")
        ->capture_default_str()
        ->group(group);
    app.add_option("--base-path", settings.base_path, "path of the T8 NIDD API")
        ->type_name("PATH")
        ->capture_default_str()
        ->group(group);
    app.add_option("--tls-certificate", settings.tls.certificate,
                   "T8 over HTTPS with this certificate chain (PEM)")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--tls-key", settings.tls.key, "its key (PEM)")->type_name("FILE")->group(group);
    app.add_option("--tls-client-ca", settings.tls.client_ca,
                   "mutual TLS: SCS/ASs must show a certificate of this CA (PEM)")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--threads", settings.threads, "connections served at once, per HTTP listener")
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
}

void describe_behaviour(CLI::App& app, Settings& settings, Files& files) {
    constexpr const char* group = "Behaviour";
    app.add_option("--profile", settings.profile,
                   "behave as " + scef::scef_simulator::behaviour_names())
        ->type_name("NAME")
        ->capture_default_str()
        ->group(group);
    app.add_option("--faults", files.faults,
                   "fault rules from the start: a list as of POST /faults, YAML or JSON")
        ->type_name("FILE")
        ->group(group);
    app.add_flag("--strict", settings.strict, "only the UEs listed in the configuration file exist")
        ->group(group);
    app.add_option("--time-scale", settings.time_scale,
                   "run the timers of the core network this many times faster")
        ->type_name("FACTOR")
        ->capture_default_str()
        ->group(group);
    app.add_option("--maximum-packet-size", settings.maximum_packet_size,
                   "largest NIDD packet, in bits")
        ->type_name("BITS")
        ->capture_default_str()
        ->group(group);
    app.add_option("--seed", settings.seed, "makes identifiers and fault dice repeatable")
        ->type_name("N")
        ->group(group);
}

/// Options are read twice: the file lies between the defaults and what the command line says.
void describe(CLI::App& app, Settings& settings, Files& files) {
    app.set_help_flag("-h,--help", "this text");
    app.set_version_flag("--version", std::string("scef-simulator ") + SCEF_VERSION, "the version");
    app.add_option("--config", files.config,
                   "YAML file with these settings and more: see Configuration file in the README")
        ->type_name("FILE");
    describe_listeners(app, settings);
    describe_behaviour(app, settings, files);
    app.add_option("--log-level", settings.log_level,
                   "what goes to standard error: trace, debug, info, warn, error or off")
        ->type_name("LEVEL")
        ->capture_default_str()
        ->group("Log");
    app.add_option("--log-file", settings.log_file,
                   "every T8 request, answer, notification and frame as a line of JSON")
        ->type_name("FILE")
        ->group("Log");
    app.footer(
        "OAuth 2.0, UEs, timers and notifications are set in the configuration file.\n"
        "Example: scef-simulator --listen 127.0.0.1:8081 --time-scale 10 --log-level debug");
}

/// Blocks the signals that end the program in every thread and waits for one of them.
class EndSignal {
public:
    EndSignal() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGTERM);
        sigaddset(&signals_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

    void wait() {
        int signal = 0;
        sigwait(&signals_, &signal);
    }

private:
    sigset_t signals_{};
};

int run(const Settings& settings) {
    EndSignal end;
    scef::scef_simulator::Simulator simulator(settings);
    const scef::Result<scef::scef_simulator::Ports> ports = simulator.start();
    if (!ports) return fail_with(ports.error().message);
    const auto host_of = [](const std::string& address) {
        return address.substr(0, address.rfind(':') + 1);
    };
    std::cout << "listening t8=" << host_of(settings.listen) << ports->t8
              << " control=" << host_of(settings.control) << ports->control
              << " modem=" << host_of(settings.modem_listen) << ports->modem << std::endl;
    spdlog::info("SCEF_SIMULATOR_STARTED t8={} control={} modem={}", ports->t8, ports->control,
                 ports->modem);
    end.wait();
    spdlog::info("SCEF_SIMULATOR_STOPPING");
    simulator.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Settings settings;
    Files files;
    CLI::App app{
        "A SCEF for development: a T8 NIDD server (TS 29.122) with the core network behind it.\n"
        "An SCS/AS speaks T8 to --listen, modems attach over UDP at --modem-listen, and --control\n"
        "puts UEs to sleep, injects faults and shows what went over the air."};
    describe(app, settings, files);
    try {
        app.parse(argc, argv);
        if (!files.config.empty()) {
            settings = Settings{};
            const scef::Status read = read_settings_file(files.config, settings);
            if (!read) return fail_with(read.error().message);
            app.clear();
            app.parse(argc, argv);
        }
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return fail_with(error.what());
    }
    if (!files.faults.empty()) {
        auto rules = scef::scef_simulator::read_faults_file(files.faults);
        if (!rules) return fail_with(rules.error().message);
        for (auto& rule : *rules) settings.faults.push_back(std::move(rule));
    }
    if (const scef::Status checked = scef::scef_simulator::check(settings); !checked) {
        return fail_with(checked.error().message);
    }
    spdlog::set_default_logger(spdlog::stderr_color_mt("scef-simulator"));
    spdlog::set_level(spdlog::level::from_str(settings.log_level));
    return run(settings);
}
