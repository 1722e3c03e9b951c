#include "simulators/scef-simulator/settings_file.h"

#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/yaml_json.h"

namespace scef::scef_simulator {
namespace {

/// A mistake at a place of the file; thrown and caught in this file only.
struct Mistake : std::runtime_error {
    Mistake(const YAML::Node& where, const std::string& what)
        : std::runtime_error(what), line(where.Mark().line + 1) {}
    int line;
};

using Reader = std::function<void(const YAML::Node&)>;
using Readers = std::map<std::string, Reader>;

void read_map(const YAML::Node& node, const std::string& prefix, const Readers& readers) {
    if (!node.IsMap()) throw Mistake(node, "`" + prefix + "` must be a map");
    for (const auto& entry : node) {
        const auto key = entry.first.as<std::string>();
        const auto reader = readers.find(key);
        const std::string full = prefix.empty() ? key : prefix + "." + key;
        if (reader == readers.end()) throw Mistake(entry.first, "unknown key `" + full + "`");
        try {
            reader->second(entry.second);
        } catch (const YAML::Exception&) {
            throw Mistake(entry.second, "bad value of `" + full + "`");
        } catch (const std::invalid_argument& error) {
            throw Mistake(entry.second, "bad value of `" + full + "`: " + error.what());
        }
    }
}

template <typename Value>
Reader value(Value& target) {
    return [&target](const YAML::Node& node) { target = node.as<Value>(); };
}

Duration duration_of(const YAML::Node& node) {
    const auto text = node.as<std::string>();
    if (text == "0") return Duration::zero();
    const Result<Duration> parsed = parse_duration(text);
    if (!parsed) throw std::invalid_argument("expected a duration such as 500ms, 20s or 24h");
    return *parsed;
}

Reader duration(Duration& target) {
    return [&target](const YAML::Node& node) { target = duration_of(node); };
}

Reader durations(std::vector<Duration>& target) {
    return [&target](const YAML::Node& node) {
        if (!node.IsSequence()) throw std::invalid_argument("expected a list of durations");
        target.clear();
        for (const YAML::Node& item : node) target.push_back(duration_of(item));
    };
}

void read_ue(const YAML::Node& node, std::vector<ProvisionedUe>& ues) {
    ProvisionedUe ue;
    read_map(node, "ues[]", {{"external_id", value(ue.external_id)}, {"msisdn", value(ue.msisdn)}});
    if (const auto id = ExternalId::parse(ue.external_id); !id) {
        throw std::invalid_argument(id.error().message);
    }
    ues.push_back(std::move(ue));
}

/// The rules of the control API, in YAML.
std::vector<Fault> faults_of(const YAML::Node& node) {
    if (!node.IsSequence()) throw std::invalid_argument("expected a list of fault rules");
    std::vector<InvalidParam> complaints;
    std::vector<Fault> faults = read_faults(json_of(node), complaints);
    if (complaints.empty()) return faults;
    throw std::invalid_argument(complaints.front().param + ": " + complaints.front().reason);
}

Reader group(std::string prefix, Readers readers) {
    return [prefix = std::move(prefix), readers = std::move(readers)](const YAML::Node& node) {
        read_map(node, prefix, readers);
    };
}

Reader oauth2_reader(OAuth2Settings& oauth2) {
    return group("auth.oauth2", {{"client_id", value(oauth2.client_id)},
                                 {"client_secret", value(oauth2.client_secret)},
                                 {"token_lifetime", duration(oauth2.token_lifetime)}});
}

Reader tls_reader(TlsSettings& tls) {
    return group("tls", {{"certificate", value(tls.certificate)},
                         {"key", value(tls.key)},
                         {"client_ca", value(tls.client_ca)}});
}

Reader notifications_reader(NotificationSettings& notifications) {
    return group("notifications", {{"retries", durations(notifications.retries)},
                                   {"retry_after_max", duration(notifications.retry_after_max)},
                                   {"timeout", duration(notifications.timeout)},
                                   {"threads", value(notifications.threads)},
                                   {"ca_file", value(notifications.ca_file)},
                                   {"certificate_file", value(notifications.certificate_file)},
                                   {"key_file", value(notifications.key_file)},
                                   {"bearer_token", value(notifications.bearer_token)}});
}

Reader rate(Rate& target, Result<Rate> (*parse)(std::string_view)) {
    return [&target, parse](const YAML::Node& node) {
        const Result<Rate> parsed = parse(node.as<std::string>());
        if (!parsed) throw std::invalid_argument(parsed.error().message);
        target = *parsed;
    };
}

Reader rate_control_reader(RateLimits& limits) {
    return group(
        "rate_control",
        {{"apn_downlink", rate(limits.apn_downlink, parse_apn_rate)},
         {"apn_uplink", rate(limits.apn_uplink, parse_apn_rate)},
         {"apn_exception",
          [&limits](const YAML::Node& node) {
              rate(limits.apn_exception.emplace(), parse_apn_rate)(node);
          }},
         {"serving_plmn_downlink", rate(limits.serving_plmn_downlink, parse_serving_plmn_rate)},
         {"serving_plmn_uplink", rate(limits.serving_plmn_uplink, parse_serving_plmn_rate)},
         {"quota_downlink", rate(limits.quota_downlink, parse_apn_rate)}});
}

Reader radio_reader(const std::string& name, RadioPath& path) {
    return group("coverage." + name, {{"downlink_latency", duration(path.downlink_latency)},
                                      {"uplink_latency", duration(path.uplink_latency)},
                                      {"downlink_loss", value(path.downlink_loss)},
                                      {"uplink_loss", value(path.uplink_loss)}});
}

Reader duplicates_reader(ConfigurationSettings& configurations) {
    return [&configurations](const YAML::Node& node) {
        const auto text = node.as<std::string>();
        if (text != "allow" && text != "refuse") {
            throw std::invalid_argument("expected allow or refuse");
        }
        configurations.duplicates_refused = text == "refuse";
    };
}

/// How the core network and the NIDD service behave.
Readers network_readers(Settings& settings) {
    ConfigurationSettings& configurations = settings.configurations;
    RadioPaths& coverage = settings.coverage;
    return {
        {"buffering", value(settings.buffering)},
        {"buffered_max", value(settings.buffered_max)},
        {"buffered_octets_max", value(settings.buffered_octets_max)},
        {"buffer_time_default", duration(settings.buffer_time_default)},
        {"answer_wait", duration(settings.answer_wait)},
        {"rds_wait", duration(settings.rds_wait)},
        {"rate_control", rate_control_reader(settings.rate_control)},
        {"coverage", group("coverage", {{"normal", radio_reader("normal", coverage.normal)},
                                        {"robust", radio_reader("robust", coverage.robust)},
                                        {"extreme", radio_reader("extreme", coverage.extreme)}})},
        {"duration_max",
         [&](const YAML::Node& node) { configurations.duration_max = duration_of(node); }},
        {"duplicates", duplicates_reader(configurations)},
        {"supported_features", value(configurations.supported_features)},
        {"enforce_features", value(configurations.enforce_features)},
        {"scs_as", value(configurations.scs_as)},
    };
}

Readers readers_for(Settings& settings) {
    Timers& timers = settings.timers;
    return {
        {"listen", value(settings.listen)},
        {"modem_listen", value(settings.modem_listen)},
        {"control", value(settings.control)},
        {"base_path", value(settings.base_path)},
        {"strict", value(settings.strict)},
        {"time_scale", value(settings.time_scale)},
        {"maximum_packet_size", value(settings.maximum_packet_size)},
        {"seed", [&](const YAML::Node& node) { settings.seed = node.as<std::uint64_t>(); }},
        {"log_level", value(settings.log_level)},
        {"threads", value(settings.threads)},
        {"timers", group("timers", {{"inactivity", duration(timers.inactivity)},
                                    {"active", duration(timers.active)},
                                    {"edrx_cycle", duration(timers.edrx_cycle)},
                                    {"paging_window", duration(timers.paging_window)},
                                    {"periodic_tau", duration(timers.periodic_tau)},
                                    {"contact_retry", duration(timers.contact_retry)}})},
        {"link", group("link", {{"repeat", duration(settings.link.repeat)},
                                {"repeats_max", value(settings.link.repeats_max)}})},
        {"notifications", notifications_reader(settings.notifications)},
        {"triggers", group("triggers", {{"delay", duration(settings.triggers.delay)},
                                        {"reaches_psm", value(settings.triggers.reaches_psm)},
                                        {"pdn_port", value(settings.triggers.pdn_port)}})},
        {"auth", group("auth", {{"oauth2", oauth2_reader(settings.oauth2)}})},
        {"tls", tls_reader(settings.tls)},
        {"profile", value(settings.profile)},
        {"log_file", value(settings.log_file)},
        {"faults", [&](const YAML::Node& node) { settings.faults = faults_of(node); }},
        {"ues",
         [&](const YAML::Node& node) {
             if (!node.IsSequence()) throw std::invalid_argument("expected a list");
             for (const YAML::Node& ue : node) read_ue(ue, settings.ues);
         }},
    };
}

}  // namespace

Status read_settings(const std::string& text, const std::string& name, Settings& settings) {
    try {
        const YAML::Node root = YAML::Load(text);
        Readers readers = readers_for(settings);
        readers.merge(network_readers(settings));
        if (!root.IsNull()) read_map(root, "", readers);
        return {};
    } catch (const Mistake& mistake) {
        return fail(Errc::invalid_argument,
                    name + ":" + std::to_string(mistake.line) + ": " + mistake.what());
    } catch (const YAML::Exception& error) {
        return fail(Errc::malformed,
                    name + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
    }
}

Result<std::vector<Fault>> read_faults_file(const std::string& path) {
    try {
        return faults_of(YAML::LoadFile(path));
    } catch (const YAML::BadFile&) {
        return fail(Errc::not_found, "cannot read the fault rules " + path);
    } catch (const YAML::Exception& error) {
        return fail(Errc::malformed,
                    path + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
    } catch (const std::invalid_argument& error) {
        return fail(Errc::invalid_argument, path + ": " + error.what());
    }
}

Status read_settings_file(const std::string& path, Settings& settings) {
    std::ifstream file(path);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf())) {
        return fail(Errc::not_found, "cannot read the configuration file " + path);
    }
    return read_settings(text.str(), path, settings);
}

}  // namespace scef::scef_simulator
