#include "simulators/scef-simulator/settings_check.h"

#include <array>
#include <cmath>
#include <string_view>

#include "simulators/scef-simulator/behaviour.h"
#include "simulators/scef-simulator/listen_address.h"

namespace scef::scef_simulator {
namespace {

constexpr std::array<std::string_view, 8> log_levels{"trace",   "debug", "info",     "warn",
                                                     "warning", "error", "critical", "off"};

bool is_log_level(std::string_view text) {
    for (const std::string_view level : log_levels) {
        if (level == text) return true;
    }
    return false;
}

Status bad(std::string sentence) { return fail(Errc::invalid_argument, std::move(sentence)); }

Status check_edges(const Settings& settings) {
    if (behaviour_of(settings.profile) == nullptr) {
        return bad("--profile must be one of " + behaviour_names());
    }
    const TlsSettings& tls = settings.tls;
    if (tls.certificate.empty() != tls.key.empty()) {
        return bad("--tls-certificate and --tls-key go together");
    }
    if (!tls.client_ca.empty() && tls.certificate.empty()) {
        return bad("--tls-client-ca needs --tls-certificate");
    }
    const NotificationSettings& notifications = settings.notifications;
    if (notifications.certificate_file.empty() != notifications.key_file.empty()) {
        return bad("notifications.certificate_file and notifications.key_file go together");
    }
    const OAuth2Settings& oauth2 = settings.oauth2;
    if (oauth2.client_id.empty() != oauth2.client_secret.empty()) {
        return bad("auth.oauth2.client_id and auth.oauth2.client_secret go together");
    }
    if (oauth2.token_lifetime < std::chrono::seconds(1)) {
        return bad("auth.oauth2.token_lifetime must be 1s or more");
    }
    return {};
}

bool is_probability(double value) { return value >= 0 && value <= 1; }

Status check_network(const Settings& settings) {
    for (const RadioPath* path :
         {&settings.coverage.normal, &settings.coverage.robust, &settings.coverage.extreme}) {
        if (!is_probability(path->downlink_loss) || !is_probability(path->uplink_loss)) {
            return bad("the losses of coverage must be from 0 to 1");
        }
    }
    if (settings.configurations.supported_features.find_first_not_of("0123456789abcdefABCDEF") !=
        std::string::npos) {
        return bad("supported_features must be hexadecimal digits");
    }
    const auto& longest = settings.configurations.duration_max;
    if (settings.answer_wait <= Duration::zero() || settings.rds_wait <= Duration::zero() ||
        (longest && *longest <= Duration::zero())) {
        return bad("answer_wait, rds_wait and duration_max must be above 0");
    }
    return {};
}

}  // namespace

Status check(const Settings& settings) {
    for (const auto& [name, address] : {std::pair{"--listen", &settings.listen},
                                        std::pair{"--modem-listen", &settings.modem_listen},
                                        std::pair{"--control", &settings.control}}) {
        const Result<ListenAddress> parsed = parse_listen_address(*address);
        if (!parsed) return bad(std::string(name) + ": " + parsed.error().message);
    }
    if (!std::isfinite(settings.time_scale) || settings.time_scale <= 0) {
        return bad("--time-scale must be above 0");
    }
    if (settings.maximum_packet_size < 8) return bad("--maximum-packet-size must be 8 or more");
    if (settings.threads == 0 || settings.notifications.threads == 0) {
        return bad("the number of threads must be 1 or more");
    }
    if (!settings.base_path.starts_with('/') || settings.base_path.ends_with('/')) {
        return bad("--base-path must begin with a slash and not end with one");
    }
    if (!is_log_level(settings.log_level)) {
        return bad("--log-level must be trace, debug, info, warn, error or off");
    }
    if (Status edges = check_edges(settings); !edges) return edges;
    const Timers& timers = settings.timers;
    if (timers.inactivity <= Duration::zero() || timers.edrx_cycle <= Duration::zero() ||
        timers.paging_window <= Duration::zero() || timers.contact_retry <= Duration::zero() ||
        settings.link.repeat <= Duration::zero()) {
        return bad(
            "inactivity, edrx_cycle, paging_window, contact_retry and link.repeat must be "
            "above 0");
    }
    return check_network(settings);
}

}  // namespace scef::scef_simulator
