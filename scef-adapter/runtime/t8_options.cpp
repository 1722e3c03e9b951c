#include "scef-adapter/runtime/t8_options.h"

#include <algorithm>

namespace scef::adapter {

nidd::TlsFiles tls_files(const TlsFiles& files) {
    return {files.ca_file, files.certificate_file, files.key_file, files.crl_file};
}

nidd::T8ClientOptions t8_options(const ScefConfig& scef, std::size_t connections) {
    nidd::T8ClientOptions options;
    options.api_root = scef.api_root;
    options.nidd_path = scef.nidd_path;
    options.trigger_path = scef.trigger_path;
    options.monitoring_path = scef.monitoring_path;
    options.scs_as_id = scef.scs_as_id;
    options.connections_max = std::max<std::size_t>(connections, 1);
    options.request_timeout = scef.request_timeout;
    options.tls = tls_files(scef.tls);
    if (scef.oauth2) {
        options.oauth2_token_url = scef.oauth2->token_url;
        options.oauth2_client_id = scef.oauth2->client_id;
        options.oauth2_client_secret_file = scef.oauth2->client_secret_file;
    }
    return options;
}

nidd::ScefGateOptions gate_options(const ScefConfig& scef, unsigned workers) {
    const auto& breaker = scef.limits.circuit_breaker;
    const auto& shedding = scef.limits.load_shedding;
    nidd::ScefGateOptions options;
    options.breaker = {breaker.failures, breaker.back_off, breaker.back_off_max};
    options.shedding = {shedding.multiplier, shedding.window, shedding.share_max,
                        shedding.accepted_row};
    options.creations_per_second =
        static_cast<double>(scef.configuration.creations_per_second) / workers;
    options.retry_after_max = scef.limits.retry_after_max;
    return options;
}

}  // namespace scef::adapter
