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

/// What this operator's errors mean, before the rules of its built-in profile.
void read_error_rule(Section& section, nidd::OperatorProfile::Rule& rule) {
    std::uint16_t status = 0;
    section.require("status", status, number_within<std::uint16_t>(400, 599));
    rule.status = status;
    section.read("cause", rule.cause, parse_text);
    section.read("detail", rule.detail, parse_text);
    section.require("means", rule.means,
                    [](std::string_view text) -> Result<nidd::OperatorProfile::Meaning> {
                        nidd::OperatorProfile::Meaning meaning{};
                        if (nidd::meaning_of(text, meaning)) return meaning;
                        return fail(Errc::malformed,
                                    "use throttled, too_large, refused, not_authorized, "
                                    "configuration_lost, retry_later, in_doubt or exists");
                    });
}

void read_operator_profile(Section& scef, nidd::OperatorProfile& profile) {
    std::string wanted = profile.name;
    scef.read("profile", wanted, [](std::string_view name) -> Result<std::string> {
        if (nidd::built_in_profile(name) != nullptr) return std::string(name);
        std::string names;
        for (const std::string_view known : nidd::built_in_profile_names()) {
            names += (names.empty() ? "" : ", ") + std::string(known);
        }
        return fail(Errc::malformed, "must be one of: " + names);
    });
    profile = *nidd::built_in_profile(wanted);
    std::vector<nidd::OperatorProfile::Rule> rules;
    scef.each("errors", [&](Section& section) { read_error_rule(section, rules.emplace_back()); });
    profile.rules.insert(profile.rules.begin(), rules.begin(), rules.end());
}

/// A list of the event types, as MonitoringType spells them.
void read_monitoring(Section& scef, ScefConfig& config) {
    std::vector<std::string> events;
    scef.read_list(
        "monitoring", events,
        Choice<std::string>{{"UE_REACHABILITY", "UE_REACHABILITY"},
                            {"AVAILABILITY_AFTER_DDN_FAILURE", "AVAILABILITY_AFTER_DDN_FAILURE"}});
    for (const std::string& event : events) {
        (event == "UE_REACHABILITY" ? config.monitoring.ue_reachability
                                    : config.monitoring.availability_after_ddn_failure) = true;
    }
}

void read_limits(Section& section, ScefLimitsConfig& limits) {
    section.section("circuit_breaker", [&](Section& breaker) {
        auto& wanted = limits.circuit_breaker;
        breaker.read("failures", wanted.failures, number_within<std::uint32_t>(1, 1000));
        breaker.read("back_off", wanted.back_off, duration_within(100ms, 10min));
        breaker.read("back_off_max", wanted.back_off_max, duration_within(100ms, 1h));
    });
    section.section("load_shedding", [&](Section& shedding) {
        auto& wanted = limits.load_shedding;
        shedding.read("multiplier", wanted.multiplier, decimal_within(1, 10));
        shedding.read("window", wanted.window, duration_within(10s, 1h));
        shedding.read("share_max", wanted.share_max, [](std::string_view text) -> Result<double> {
            const Result<double> share = parse_percentage(text);
            if (!share || *share <= 0.99) return share;
            return fail(Errc::invalid_argument,
                        "must be at most 99%, or nothing would tell that the SCEF has recovered");
        });
        shedding.read("accepted_row", wanted.accepted_row, number_within<std::uint32_t>(1, 10'000));
    });
    section.read("retry_after_max", limits.retry_after_max, duration_within(1s, 1h));
}

}  // namespace

void read_scef(Section& scef, ScefConfig& config) {
    scef.require("name", config.name, parse_name);
    scef.require("api_root", config.api_root, parse_http_url);
    scef.require("scs_as_id", config.scs_as_id, parse_name);
    scef.read("nidd_path", config.nidd_path, parse_http_path);
    scef.read_list("domains", config.domains, parse_domain);
    scef.read("trigger_path", config.trigger_path, parse_http_path);
    scef.read("monitoring_path", config.monitoring_path, parse_http_path);
    read_operator_profile(scef, config.profile);
    read_monitoring(scef, config);
    scef.read("quota", config.quota, parse_text);
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
        section.read("test_notification", wanted.test_notification, parse_bool);
        section.read("creations_per_second", wanted.creations_per_second,
                     number_within<std::uint32_t>(0, 100'000));
    });
    scef.section("trigger", [&](Section& section) {
        section.read("port", config.trigger.port, number_within<std::uint16_t>(0, 65535));
        section.read("validity", config.trigger.validity, duration_within(1s, 7 * 24h));
    });
    scef.section("limits", [&](Section& section) { read_limits(section, config.limits); });
}

}  // namespace scef::adapter
