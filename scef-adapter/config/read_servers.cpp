#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {

using namespace std::chrono_literals;

namespace {

/// TS 24.250: a port has four bits.
void read_rds(Section& section, RdsConfig& rds) {
    const auto port = number_within<std::uint16_t>(0, 15);
    section.require("port_scef", rds.ports.port_scef, port);
    section.require("port_ue", rds.ports.port_ue, port);
    section.read("application_id", rds.application_id, parse_text);
}

}  // namespace

void read_server(Section& server, LwM2mServerConfig& config) {
    CoapUri uri;
    server.require("name", config.name, parse_name);
    server.require("uri", uri, parse_coap_uri);
    if (!uri.host.empty()) config.uri = uri.text();
    if (uri.address) {
        const std::string length = uri.address->is_ipv6 ? "/128" : "/32";
        config.sources = {uri.address->address_text() + length};
    }
    server.read_list("sources", config.sources, parse_cidr);
    server.read("bootstrap", config.bootstrap, parse_bool);
    server.read("separate_response_limit", config.separate_response_limit,
                duration_within(1s, 24h));
    server.read("ack_hold", config.ack_hold, [](std::string_view text) {
        return duration_within(100ms, 60s)(text).map(
            [](Duration hold) { return std::optional(hold); });
    });
    server.read("binding_rewrite", config.binding_rewrite,
                Choice<BindingRewrite>{{"keep", BindingRewrite::keep},
                                       {"strip_q", BindingRewrite::strip_q},
                                       {"udp", BindingRewrite::udp}});
    server.read("late_answer_max_age", config.late_answer_max_age, duration_within(0s, 24h));
    server.read("unreachable", config.unreachable,
                Choice<Unreachable>{{"silent", Unreachable::silent},
                                    {"5.03", Unreachable::service_unavailable}});
    server.section("rds", [&](Section& section) { read_rds(section, config.rds.emplace()); });
}

}  // namespace scef::adapter
