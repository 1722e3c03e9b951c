#include "simulators/modem-simulator/options.h"

#include <algorithm>
#include <iostream>

#include <CLI/CLI.hpp>

#include "simulators/modem-simulator/client_options.h"
#include "simulators/modem-simulator/udp_socket.h"

#ifndef SCEF_VERSION
#define SCEF_VERSION "0"
#endif

namespace scef::modem_simulator {
namespace {

constexpr std::size_t fleet_max = 1'000'000;

/// The options as typed.
struct Raw {
    std::string scef = "127.0.0.1:7000";
    std::vector<std::string> devices;
    std::size_t fleet = 0;
    std::string domain;
    std::vector<std::string> taps, at_modems, rds, power;
    ClientOptions client;
    std::uint64_t seed = 0;
    std::string api;
    std::vector<std::string> pcap_devices;
};

/// Ends the reading with one sentence for the user.
struct Mistake {
    std::string sentence;
};

template <typename T>
T required(Result<T> result, std::string_view option) {
    if (!result) throw Mistake{std::string(option) + ": " + result.error().message};
    return std::move(*result);
}

modem_link::RdsPort ports_of(const std::string& text, std::string_view option) {
    const auto port = [&](const std::string& digits) -> std::uint16_t {
        const bool is_number = !digits.empty() && digits.size() <= 2 &&
                               digits.find_first_not_of("0123456789") == std::string::npos;
        const int number = is_number ? std::stoi(digits) : 16;
        if (number > 15) {
            throw Mistake{std::string(option) +
                          ": RDS ports are UE:SCEF, each from 0 to 15, as in 1:2"};
        }
        return static_cast<std::uint16_t>(number);
    };
    const std::size_t colon = std::min(text.find(':'), text.size());
    return {port(text.substr(0, colon)), port(text.substr(std::min(colon + 1, text.size())))};
}

TapSettings tap_of(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
        throw Mistake{"--tap: expected ADDRESS:PORT=EXTID, as in 127.0.0.1:5684=meter@example.com"};
    }
    const std::size_t comma = std::min(text.find(',', equals), text.size());
    TapSettings tap{
        required(parse_address(text.substr(0, equals)), "--tap"),
        required(ExternalId::parse(text.substr(equals + 1, comma - equals - 1)), "--tap"),
        std::nullopt};
    if (comma < text.size()) tap.rds = ports_of(text.substr(comma + 1), "--tap");
    return tap;
}

AtSettings at_modem_of(const std::string& text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0) {
        throw Mistake{"--at: expected PATH=EXTID, as in /tmp/modem=meter@example.com"};
    }
    return {text.substr(0, equals), required(ExternalId::parse(text.substr(equals + 1)), "--at")};
}

std::vector<ExternalId> fleet_of(const Raw& raw) {
    if (raw.fleet > 0 && raw.domain.empty()) throw Mistake{"--fleet: give its --domain too"};
    if (raw.fleet > fleet_max) throw Mistake{"--fleet: at most 1000000 devices"};
    std::vector<ExternalId> fleet;
    for (std::size_t number = 0; number < raw.fleet; ++number) {
        std::string digits = std::to_string(number);
        digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
        fleet.push_back(required(ExternalId::parse("dev" + digits + '@' + raw.domain), "--domain"));
    }
    return fleet;
}

/// The options of the modem's own side: terminal, battery, capture.
void add_radio_options(CLI::App& app, Raw& raw, Settings& settings) {
    app.add_option("--at", raw.at_modems,
                   "An AT command modem for EXTID on a pseudo-terminal, to which PATH becomes a "
                   "link (repeatable)")
        ->type_name("PATH=EXTID");
    app.add_flag("--release-assistance", settings.assists_release,
                 "Devices and taps tell the network when nothing more is expected (RAI)");
    app.add_option("--power", raw.power,
                   "A figure of the battery estimate, as in transmit=220 (mA) or battery=5000 "
                   "(mAh); repeatable, names in the README")
        ->type_name("NAME=NUMBER")
        ->allow_extra_args(false);
    app.add_option(
           "--pcap", settings.pcap,
           "Write the frames of the devices to FILE, for Wireshark (pcapng, as CoAP on UDP)")
        ->type_name("FILE");
    app.add_option("--pcap-device", raw.pcap_devices, "Only the frames of this device (repeatable)")
        ->type_name("EXTID")
        ->allow_extra_args(false);
}

void add_options(CLI::App& app, Raw& raw, Settings& settings, CLI::Option*& seed) {
    add_radio_options(app, raw, settings);
    app.add_option("--scef", raw.scef, "Modem link of the SCEF (UDP)")->capture_default_str();
    app.add_option("--device", raw.devices,
                   "External Identifier of a device with our LwM2M client (repeatable)")
        ->type_name("EXTID");
    app.add_option("--fleet", raw.fleet, "N such devices: dev000000@DOMAIN, dev000001@DOMAIN, …")
        ->type_name("N");
    app.add_option("--domain", raw.domain, "Domain of the fleet's External Identifiers");
    app.add_option("--attach-rate", settings.attach_rate, "Devices that attach a second at start")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--tap", raw.taps,
                   "Be the LwM2M server on ADDRESS:PORT for any real UDP LwM2M or CoAP client, and "
                   "carry its datagrams as the non-IP frames of EXTID (repeatable; port 0: any), "
                   "by RDS ports if given")
        ->type_name("ADDRESS:PORT=EXTID[,UE:SCEF]");
    app.add_option("--rds", raw.rds,
                   "RDS ports of an LwM2M server of each device of our own; repeat it for several "
                   "servers, with which the device registers one by one")
        ->type_name("UE:SCEF")
        ->allow_extra_args(false);
    app.add_option("--state", settings.start_state, "State in which the modems start")
        ->check(CLI::IsMember({"connected", "edrx", "psm"}))
        ->capture_default_str();
    app.add_option("--endpoint-template", settings.endpoint_template,
                   "LwM2M endpoint name; {local} is the part before the @, {extid} all of it")
        ->capture_default_str();
    add_client_options(app, raw.client, settings.client);
    app.add_flag("--register-at-start,!--no-register", settings.register_at_start,
                 "Register once attached, or wait for the control API");
    seed = app.add_option("--seed", raw.seed, "Seed of all random numbers, to repeat a run");
    app.add_option("--api", raw.api, "Address of the HTTP control API (port 0: any)")
        ->type_name("ADDRESS:PORT");
    app.add_option("--log-level", settings.log_level, "What to log on standard error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "off"}))
        ->capture_default_str();
}

void resolve(const Raw& raw, Settings& settings) {
    settings.scef = required(parse_address(raw.scef), "--scef");
    for (const std::string& text : raw.devices) {
        settings.devices.push_back(required(ExternalId::parse(text), "--device"));
    }
    settings.fleet = fleet_of(raw);
    for (const std::string& text : raw.taps) settings.taps.push_back(tap_of(text));
    for (const std::string& text : raw.at_modems) settings.at_modems.push_back(at_modem_of(text));
    for (const std::string& text : raw.rds) {
        const auto ports = ports_of(text, "--rds");
        if (std::find(settings.rds.begin(), settings.rds.end(), ports) != settings.rds.end()) {
            throw Mistake{"--rds: " + text + " is given twice"};
        }
        settings.rds.push_back(ports);
    }
    settings.client.servers =
        static_cast<std::uint16_t>(std::max<std::size_t>(settings.rds.size(), 1));
    const Status resolved = resolve_client_options(raw.client, raw.fleet > 0, settings.client);
    if (!resolved) throw Mistake{resolved.error().message};
    if (!settings.rds.empty() && settings.client.bootstrap != client::BootstrapUse::none) {
        throw Mistake{"--rds: the ports are of LwM2M servers, so it does not go with --bootstrap"};
    }
    for (const std::string& text : raw.power) {
        if (Status set = set_figure(settings.power, text); !set) {
            throw Mistake{"--power: " + set.error().message};
        }
    }
    for (const std::string& text : raw.pcap_devices) {
        settings.pcap_devices.push_back(required(ExternalId::parse(text), "--pcap-device"));
    }
    if (settings.pcap.empty() && !settings.pcap_devices.empty()) {
        throw Mistake{"--pcap-device: give the file with --pcap too"};
    }
    if (!raw.api.empty()) settings.api = required(parse_address(raw.api), "--api");
    if (settings.devices.empty() && settings.fleet.empty() && settings.taps.empty() &&
        settings.at_modems.empty()) {
        throw Mistake{"nothing to simulate: give --device, --fleet, --tap or --at (see --help)"};
    }
    if (settings.endpoint_template.empty()) throw Mistake{"--endpoint-template: must not be empty"};
}

}  // namespace

std::variant<Settings, int> parse_options(int argc, const char* const* argv) {
    CLI::App app(
        "Modems with NB-IoT devices behind them, for a SCEF simulator. Each device is an LwM2M 1.1 "
        "client over the Non-IP binding, a tap for a client of yours, or an AT modem.\n"
        "Example: modem-simulator --device meter-1@iot.operator-a.example --api 127.0.0.1:8083",
        "modem-simulator");
    Settings settings;
    Raw raw;
    CLI::Option* seed = nullptr;
    app.set_version_flag("--version", "modem-simulator " SCEF_VERSION);
    add_options(app, raw, settings, seed);
    try {
        app.parse(argc, argv);
        if (seed->count() > 0) settings.seed = raw.seed;
        resolve(raw, settings);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        std::cerr << "modem-simulator: " << error.what() << "\n";
        return 1;
    } catch (const Mistake& mistake) {
        std::cerr << "modem-simulator: " << mistake.sentence << "\n";
        return 1;
    }
    return settings;
}

}  // namespace scef::modem_simulator
