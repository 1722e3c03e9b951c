#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

void read_oauth2(Section& section, Oauth2Config& oauth2) {
    section.require("token_url", oauth2.token_url, parse_http_url);
    section.require("client_id", oauth2.client_id, parse_text);
    if (section.has("client_secret_file")) {
        read_secret_file_name(section, "client_secret_file", oauth2.client_secret_file);
    } else {
        section.require("client_secret_file", oauth2.client_secret_file, parse_text);
    }
}

}  // namespace

void read_scef(Section& scef, ScefConfig& config) {
    scef.require("name", config.name, parse_name);
    scef.require("api_root", config.api_root, parse_http_url);
    scef.require("scs_as_id", config.scs_as_id, parse_name);
    scef.read("nidd_path", config.nidd_path, parse_http_path);
    scef.read_list("domains", config.domains, parse_domain);
    scef.read("profile", config.profile, Choice<std::string>{{"3gpp", "3gpp"}});
    scef.read("connections_max", config.connections_max, number_within<std::uint32_t>(1, 65535));
    scef.read("request_timeout", config.request_timeout, duration_within(1s, 10min));
    scef.section("auth", [&](Section& auth) {
        auth.section("oauth2",
                     [&](Section& oauth2) { read_oauth2(oauth2, config.oauth2.emplace()); });
        auth.section("tls", [&](Section& tls) { read_tls(tls, config.tls, "ca_file"); });
    });
    scef.section("configuration", [&](Section& section) {
        auto& wanted = config.configuration;
        section.read("duration", wanted.duration, duration_within(1min, 3650 * 24h));
        section.read("pdn_establishment_option", wanted.pdn_establishment_option,
                     Choice<std::string>{{"WAIT_FOR_UE", "WAIT_FOR_UE"},
                                         {"INDICATE_ERROR", "INDICATE_ERROR"},
                                         {"SEND_TRIGGER", "SEND_TRIGGER"}});
        section.read("reliable_data_service", wanted.reliable_data_service, parse_bool);
    });
}

}  // namespace scef::adapter
