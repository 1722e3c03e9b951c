#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {

using namespace std::chrono_literals;

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
    server.read("binding_rewrite", config.binding_rewrite,
                Choice<BindingRewrite>{{"keep", BindingRewrite::keep},
                                       {"strip_q", BindingRewrite::strip_q},
                                       {"udp", BindingRewrite::udp}});
    server.read("late_answer_max_age", config.late_answer_max_age, duration_within(0s, 24h));
    server.read("unreachable", config.unreachable,
                Choice<Unreachable>{{"silent", Unreachable::silent},
                                    {"5.03", Unreachable::service_unavailable}});
    server.refuse("rds",
                  "ports of the Reliable Data Service are not in this version; remove the key");
}

}  // namespace scef::adapter
