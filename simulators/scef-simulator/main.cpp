#include <csignal>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "simulators/scef-simulator/settings_check.h"
#include "simulators/scef-simulator/settings_file.h"
#include "simulators/scef-simulator/simulator.h"

namespace {

using scef::scef_simulator::Settings;

int fail_with(const std::string& sentence) {
    std::cerr << "scef-simulator: " << sentence << '\n';
    return 1;
}

/// Options are read twice: the file lies between the defaults and what the command line says.
void describe(CLI::App& app, Settings& settings, std::string& file) {
    app.add_option("--config", file, "YAML file with the settings below and the core network's")
        ->type_name("FILE");
    app.add_option("--listen", settings.listen, "T8 (HTTP), for the SCS/AS; port 0 picks one")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    app.add_option("--modem-listen", settings.modem_listen, "modem link (UDP), for modem-simulator")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    app.add_option("--control", settings.control, "control API (HTTP), for people and tests")
        ->type_name("HOST:PORT")
        ->capture_default_str();
    app.add_option("--base-path", settings.base_path, "path of the T8 NIDD API")
        ->capture_default_str();
    app.add_flag("--strict", settings.strict,
                 "only the UEs listed in the configuration file exist");
    app.add_option("--time-scale", settings.time_scale,
                   "run the timers of the core network this many times faster")
        ->capture_default_str();
    app.add_option("--maximum-packet-size", settings.maximum_packet_size,
                   "largest NIDD packet, in bits")
        ->type_name("BITS")
        ->capture_default_str();
    app.add_option("--threads", settings.threads, "connections served at once, per HTTP listener")
        ->capture_default_str();
    app.add_option("--seed", settings.seed, "makes the random identifiers repeatable");
    app.add_option("--log-level", settings.log_level, "trace, debug, info, warn, error or off")
        ->capture_default_str();
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
    std::string file;
    CLI::App app{
        "A SCEF for development: a T8 NIDD server (TS 29.122) with the core network behind it.\n"
        "An SCS/AS speaks T8 to --listen, modems attach over UDP at --modem-listen, and --control\n"
        "puts UEs to sleep, injects faults and shows what went over the air."};
    app.set_version_flag("--version", std::string("scef-simulator ") + SCEF_VERSION);
    describe(app, settings, file);
    try {
        app.parse(argc, argv);
        if (!file.empty()) {
            settings = Settings{};
            const scef::Status read = read_settings_file(file, settings);
            if (!read) return fail_with(read.error().message);
            app.clear();
            app.parse(argc, argv);
        }
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        return fail_with(error.what());
    }
    if (const scef::Status checked = scef::scef_simulator::check(settings); !checked) {
        return fail_with(checked.error().message);
    }
    spdlog::set_default_logger(spdlog::stderr_color_mt("scef-simulator"));
    spdlog::set_level(spdlog::level::from_str(settings.log_level));
    return run(settings);
}
