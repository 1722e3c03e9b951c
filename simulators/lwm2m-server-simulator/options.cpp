#include "simulators/lwm2m-server-simulator/options.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/operations.h"

namespace scef::lwm2m_server_simulator {
namespace {

struct Texts {
    std::string listen = "127.0.0.1:5683";
    std::string api = "127.0.0.1:8090";
    std::string timeout = "120s";
    std::string ack_timeout = "2s";
    std::string log_level = "info";
    std::string pcap;
    bool queue_mode = false;
    std::string awake_time = "93s";
    std::string hold_time = "24h";
    std::string files;
    std::string firmware;
    std::string files_uri;
    bool bootstrap = false;
    std::string bootstrap_server_uri = "coap://127.0.0.1:5683";
    std::string bootstrap_lifetime = "300s";
    std::string bootstrap_config;
    bool bootstrap_by_hand = false;
};

void add_general_options(CLI::App& app, Texts& texts) {
    app.add_option("--listen", texts.listen, "UDP address for CoAP; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--api", texts.api, "TCP address of the REST API; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--timeout", texts.timeout,
                   "How long a client may take to answer, unless the call says otherwise; in a "
                   "block-wise transfer, to answer one block")
        ->capture_default_str();
    app.add_option("--ack-timeout", texts.ack_timeout,
                   "ACK_TIMEOUT of RFC 7252, at least 1s: the first retransmission follows after 1 "
                   "to 1.5 times this")
        ->capture_default_str();
    app.add_option(
           "--pcap", texts.pcap,
           "Write the server's datagrams to FILE, for Wireshark (pcapng, CoAP on port 5683)")
        ->type_name("FILE");
    app.add_option("--log-level", texts.log_level, "What to log on stderr")
        ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
        ->capture_default_str();
}

void add_management_options(CLI::App& app, Texts& texts) {
    app.add_flag("--queue-mode", texts.queue_mode,
                 "Hold operations for a client in queue mode (Q, or UQ in LwM2M 1.0) while it "
                 "sleeps, and send them one by one after its next message; without this they "
                 "leave at once")
        ->group("Queue mode");
    app.add_option("--awake-time", texts.awake_time,
                   "How long such a client stays awake after it was heard")
        ->capture_default_str()
        ->group("Queue mode");
    app.add_option("--hold-time", texts.hold_time,
                   "How long an operation waits for it, unless the call's 'hold' says otherwise")
        ->capture_default_str()
        ->group("Queue mode");
    app.add_option("--files", texts.files,
                   "Let clients fetch the files of DIR by CoAP as /files/NAME, block by block")
        ->type_name("DIR")
        ->group("Firmware");
    app.add_option("--firmware", texts.firmware, "The same with a single FILE")
        ->type_name("FILE")
        ->group("Firmware");
    app.add_option("--files-uri", texts.files_uri,
                   "Where clients reach this server, for the package URI that they are given; "
                   "without it the listening address")
        ->type_name("coap://HOST:PORT")
        ->group("Firmware");
}

void add_bootstrap_options(CLI::App& app, Texts& texts) {
    app.add_flag("--bootstrap", texts.bootstrap, "Be a bootstrap server instead of an LwM2M server")
        ->group("Bootstrap");
    app.add_option("--bootstrap-server-uri", texts.bootstrap_server_uri,
                   "LwM2M server that a bootstrapped client is sent to")
        ->capture_default_str()
        ->group("Bootstrap");
    app.add_option("--bootstrap-lifetime", texts.bootstrap_lifetime,
                   "Registration lifetime that a bootstrapped client is given")
        ->capture_default_str()
        ->group("Bootstrap");
    app.add_option("--bootstrap-config", texts.bootstrap_config,
                   "What clients get, as JSON: several servers, access control, deletions; see "
                   "README.md")
        ->type_name("FILE")
        ->group("Bootstrap");
    app.add_flag("--bootstrap-by-hand", texts.bootstrap_by_hand,
                 "Answer the request of a client and leave the rest to calls of the REST API")
        ->group("Bootstrap");
}

Result<Duration> read_duration(const char* option, const std::string& text, Duration min,
                               Duration max) {
    const auto duration = parse_duration(text);
    if (duration && *duration >= min && *duration <= max) return duration;
    return fail(Errc::invalid_argument, std::string(option) + " is '" + text +
                                            "', not a duration from " + scef::to_text(min) +
                                            " to " + scef::to_text(max));
}

Status read_bootstrap(Options& options, const Texts& texts) {
    using namespace std::chrono_literals;
    const auto lifetime =
        read_duration("--bootstrap-lifetime", texts.bootstrap_lifetime, 1s, 24h * 3650);
    if (!lifetime) return tl::unexpected(lifetime.error());
    options.server.bootstrap_defaults = {
        texts.bootstrap_server_uri, std::chrono::duration_cast<std::chrono::seconds>(*lifetime)};
    if (!texts.bootstrap) {
        if (texts.bootstrap_config.empty() && !texts.bootstrap_by_hand) return {};
        return fail(Errc::invalid_argument,
                    "--bootstrap-config and --bootstrap-by-hand are options "
                    "of a bootstrap server; add --bootstrap");
    }
    const auto& defaults = options.server.bootstrap_defaults;
    auto config = texts.bootstrap_config.empty()
                      ? BootstrapConfig::usual(defaults)
                      : BootstrapConfig::load(texts.bootstrap_config, defaults);
    if (!config) return tl::unexpected(config.error());
    if (texts.bootstrap_by_hand) config->set_by_hand();
    options.server.bootstrap = std::move(*config);
    return {};
}

Result<Options> read_texts(const Texts& texts) {
    using namespace std::chrono_literals;
    const auto listen = parse_host_port(texts.listen);
    if (!listen) return tl::unexpected(listen.error());
    const auto api = parse_host_port(texts.api);
    if (!api) return tl::unexpected(api.error());
    const auto timeout = read_duration("--timeout", texts.timeout, 1ms, 24h * 30);
    if (!timeout) return tl::unexpected(timeout.error());
    const auto ack_timeout = read_duration("--ack-timeout", texts.ack_timeout, 1s, 1h);
    if (!ack_timeout) return tl::unexpected(ack_timeout.error());
    const auto awake_time = read_duration("--awake-time", texts.awake_time, 1ms, 24h * 30);
    if (!awake_time) return tl::unexpected(awake_time.error());
    const auto hold_time = read_duration("--hold-time", texts.hold_time, 1ms, 24h * 3650);
    if (!hold_time) return tl::unexpected(hold_time.error());
    Options options;
    options.api = *api;
    options.log_level = texts.log_level;
    options.server.listen = *listen;
    options.server.request_timeout = *timeout;
    options.server.ack_timeout = *ack_timeout;
    options.server.pcap = texts.pcap;
    options.server.queue_mode = {texts.queue_mode, *awake_time, *hold_time};
    options.server.files = texts.files;
    options.server.firmware = texts.firmware;
    options.server.files_uri = texts.files_uri;
    if (const Status read = read_bootstrap(options, texts); !read) {
        return tl::unexpected(read.error());
    }
    return options;
}

}  // namespace

tl::expected<Options, int> parse_options(int argc, const char* const* argv) {
    CLI::App app(
        "A small LwM2M 1.1 server for tests and demonstrations. Clients register over CoAP (UDP, "
        "no "
        "security); a REST API reads, writes, executes and observes their resources, updates their "
        "firmware and streams what happens. With --bootstrap it is a bootstrap server.",
        "lwm2m-server-simulator");
    app.footer(
        "First steps, when a client has registered:\n"
        "  curl -s localhost:8090/clients\n"
        "  curl -s localhost:8090/clients/dev1/read -d '{\"path\": \"/3/0\"}'\n"
        "  curl -sN localhost:8090/events            # what happens, as it happens\n"
        "  curl -s localhost:8090/operations         # what an operation's body may hold\n\n" +
        operations_as_text() +
        "Every body may hold timeout (seconds, or \"30s\"), hold, repeatDatagram and ttl. "
        "Firmware:\n"
        "  POST /clients/{endpoint}/firmware {\"file\": \"NAME\", \"method\": \"push\"} or "
        "\"pull\"");
    app.set_version_flag("--version", "lwm2m-server-simulator " SCEF_VERSION);
    Texts texts;
    add_general_options(app, texts);
    add_management_options(app, texts);
    add_bootstrap_options(app, texts);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return tl::unexpected(app.exit(success));
    } catch (const CLI::ParseError& error) {
        std::cerr << "lwm2m-server-simulator: " << error.what() << " (--help lists the options)\n";
        return tl::unexpected(1);
    }
    auto options = read_texts(texts);
    if (options) return std::move(*options);
    std::cerr << "lwm2m-server-simulator: " << options.error().message << "\n";
    return tl::unexpected(1);
}

}  // namespace scef::lwm2m_server_simulator
