#include "simulators/lwm2m-server-simulator/options.h"

#include <iostream>

#include <CLI/CLI.hpp>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::lwm2m_server_simulator {
namespace {

struct Texts {
    std::string listen = "127.0.0.1:5683";
    std::string api = "127.0.0.1:8090";
    bool bootstrap = false;
    std::string bootstrap_server_uri = "coap://127.0.0.1:5683";
    std::string bootstrap_lifetime = "300s";
    std::string timeout = "120s";
    std::string ack_timeout = "2s";
    std::string log_level = "info";
    std::string pcap;
};

void add_options(CLI::App& app, Texts& texts) {
    app.add_option("--listen", texts.listen, "UDP address for CoAP; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--api", texts.api, "TCP address of the REST API; port 0 takes a free one")
        ->capture_default_str();
    app.add_flag("--bootstrap", texts.bootstrap,
                 "Be a bootstrap server instead of an LwM2M server");
    app.add_option("--bootstrap-server-uri", texts.bootstrap_server_uri,
                   "LwM2M server that a bootstrapped client is sent to")
        ->capture_default_str();
    app.add_option("--bootstrap-lifetime", texts.bootstrap_lifetime,
                   "Registration lifetime that a bootstrapped client is given")
        ->capture_default_str();
    app.add_option("--timeout", texts.timeout,
                   "How long a device may take to answer, unless the call says otherwise")
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

Result<Duration> read_duration(const char* option, const std::string& text, Duration min,
                               Duration max) {
    const auto duration = parse_duration(text);
    if (duration && *duration >= min && *duration <= max) return duration;
    return fail(Errc::invalid_argument, std::string(option) + " is '" + text +
                                            "', not a duration from " + scef::to_text(min) +
                                            " to " + scef::to_text(max));
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
    const auto lifetime =
        read_duration("--bootstrap-lifetime", texts.bootstrap_lifetime, 1s, 24h * 3650);
    if (!lifetime) return tl::unexpected(lifetime.error());

    Options options{
        {*listen, *timeout, *ack_timeout, texts.pcap, std::nullopt}, *api, texts.log_level};
    if (texts.bootstrap) {
        options.server.bootstrap.emplace();
        options.server.bootstrap->server_uri = texts.bootstrap_server_uri;
        options.server.bootstrap->lifetime =
            std::chrono::duration_cast<std::chrono::seconds>(*lifetime);
    }
    return options;
}

}  // namespace

tl::expected<Options, int> parse_options(int argc, const char* const* argv) {
    CLI::App app(
        "A small LwM2M 1.1 server for tests and demonstrations. Devices register over CoAP; a REST "
        "API reads, writes, executes and observes their resources and streams what happens.",
        "lwm2m-server-simulator");
    app.footer(
        "Example: curl -s localhost:8090/clients\n"
        "         curl -s localhost:8090/clients/dev1/read -d '{\"path\": \"/3/0/0\"}'");
    app.set_version_flag("--version", "lwm2m-server-simulator " SCEF_VERSION);
    Texts texts;
    add_options(app, texts);
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
