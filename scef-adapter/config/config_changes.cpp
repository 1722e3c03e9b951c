#include "scef-adapter/config/config_changes.h"

namespace scef::adapter {
namespace {

/// Compares member by member. Every structure is taken apart as a whole: a new member does not
/// compile before somebody decides whether a reload can change it.
class Comparison {
public:
    template <typename T>
    void fixed(const std::string& key, const T& running, const T& wanted) {
        if (running == wanted) return;
        refuse(key, "cannot change while the adapter runs; restart it, or take the old value back");
    }
    void refuse(const std::string& key, std::string remedy) {
        found_.push_back({key, std::move(remedy)});
    }
    std::vector<FixedKey> take() { return std::move(found_); }

private:
    std::vector<FixedKey> found_;
};

void compare(const StoreConfig& a, const StoreConfig& b, Comparison& keys) {
    const auto& [engine, path, dsn_file, retention, backups] = a;
    keys.fixed("store.engine", engine, b.engine);
    keys.fixed("store.path", path, b.path);
    keys.fixed("store.dsn_file", dsn_file, b.dsn_file);
    (void)retention;
    (void)backups;
}

void compare(const NotificationsConfig& a, const NotificationsConfig& b, Comparison& keys) {
    const auto& [listen, public_url, tls, tokens_file, sources] = a;
    keys.fixed("notifications.listen", listen, b.listen);
    keys.fixed("notifications.public_url", public_url, b.public_url);
    if (tls.certificate_file.empty() != b.tls.certificate_file.empty()) {
        keys.refuse("notifications.tls",
                    "the listener cannot change between HTTP and HTTPS while it runs; restart the "
                    "adapter");
    }
    (void)tokens_file;
    (void)sources;
}

bool is_same(const ScefLimitsConfig& a, const ScefLimitsConfig& b) {
    const auto& [breaker, shedding, retry_after_max] = a;
    const auto& [failures, back_off, back_off_max] = breaker;
    const auto& [multiplier, window, share_max, accepted_row] = shedding;
    return failures == b.circuit_breaker.failures && back_off == b.circuit_breaker.back_off &&
           back_off_max == b.circuit_breaker.back_off_max &&
           multiplier == b.load_shedding.multiplier && window == b.load_shedding.window &&
           share_max == b.load_shedding.share_max && accepted_row == b.load_shedding.accepted_row &&
           retry_after_max == b.retry_after_max;
}

void compare(const std::string& key, const ScefConfig& a, const ScefConfig& b, Comparison& keys) {
    const auto& [name, api_root, nidd_path, trigger_path, monitoring_path, scs_as_id, domains,
                 profile, connections_max, request_timeout, oauth2, tls, configuration, trigger,
                 monitoring, limits, quota] = a;
    keys.fixed(key + ".name", name, b.name);
    keys.fixed(key + ".api_root", api_root, b.api_root);
    keys.fixed(key + ".nidd_path", nidd_path, b.nidd_path);
    keys.fixed(key + ".trigger_path", trigger_path, b.trigger_path);
    keys.fixed(key + ".monitoring_path", monitoring_path, b.monitoring_path);
    keys.fixed(key + ".scs_as_id", scs_as_id, b.scs_as_id);
    keys.fixed(key + ".domains", domains, b.domains);
    keys.fixed(key + ".configuration.creations_per_second", configuration.creations_per_second,
               b.configuration.creations_per_second);
    keys.fixed(key + ".limits", is_same(limits, b.limits), true);
    // New clients, and the engines at their next call.
    (void)profile, (void)connections_max, (void)request_timeout, (void)oauth2, (void)tls;
    (void)trigger, (void)monitoring, (void)quota;
}

bool is_same(const std::optional<RdsConfig>& a, const std::optional<RdsConfig>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    const auto& [ports, application_id] = *a;
    return ports == b->ports && application_id == b->application_id;
}

void compare(const std::string& key, const LwM2mServerConfig& a, const LwM2mServerConfig& b,
             Comparison& keys) {
    const auto& [name, uri, address, sources, bootstrap, limit, ack_hold, rewrite, late_max,
                 unreachable, rds] = a;
    keys.fixed(key + ".name", name, b.name);
    keys.fixed(key + ".uri", uri, b.uri);
    keys.fixed(key + ".bootstrap", bootstrap, b.bootstrap);
    keys.fixed(key + ".rds", is_same(rds, b.rds), true);
    (void)address, (void)sources, (void)limit, (void)ack_hold, (void)rewrite, (void)late_max;
    (void)unreachable;
}

template <typename Entry>
void compare_list(const std::string& key, const std::vector<Entry>& a, const std::vector<Entry>& b,
                  Comparison& keys) {
    if (a.size() != b.size()) {
        return keys.refuse(key, "an entry more or less needs a restart of the adapter");
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        compare(key + '[' + std::to_string(i) + ']', a[i], b[i], keys);
    }
}

/// Devices name profiles and quotas.
template <typename Map>
void compare_names(const std::string& key, const Map& a, const Map& b, Comparison& keys) {
    for (const auto& [name, value] : a) {
        if (b.contains(name)) continue;
        keys.refuse(key + '.' + name,
                    "devices may use it, so that it cannot go while the adapter runs; keep it, or "
                    "give its devices another and restart the adapter");
    }
}

}  // namespace

std::vector<FixedKey> fixed_changes(const Config& running, const Config& wanted) {
    const auto& [store, shards, workers, ack_hold, admin, notifications, scefs, servers, endpoints,
                 profiles, quotas, scopes, given_quotas, usage, webhooks, limits, log] = running;
    Comparison keys;
    compare(store, wanted.store, keys);
    keys.fixed("shards", shards, wanted.shards);
    keys.fixed("workers", workers, wanted.workers);
    const auto& [listen, tokens_file] = admin;
    keys.fixed("admin.listen", listen, wanted.admin.listen);
    compare(notifications, wanted.notifications, keys);
    compare_list("scefs", scefs, wanted.scefs, keys);
    compare_list("lwm2m_servers", servers, wanted.lwm2m_servers, keys);
    const auto& [prefix, port] = endpoints;
    keys.fixed("virtual_endpoints.prefix", prefix, wanted.virtual_endpoints.prefix);
    keys.fixed("virtual_endpoints.port", port, wanted.virtual_endpoints.port);
    compare_names("profiles", profiles, wanted.profiles, keys);
    compare_names("quotas", quotas, wanted.quotas, keys);
    const auto& [webhook_ca_file] = webhooks;
    keys.fixed("webhooks.ca_file", webhook_ca_file, wanted.webhooks.ca_file);
    const auto& [ledger] = usage;
    keys.fixed("usage.ledger", ledger, wanted.usage.ledger);
    (void)ack_hold, (void)tokens_file, (void)scopes, (void)given_quotas, (void)limits, (void)log;
    return keys.take();
}

void take_over(const Config& running, Config& wanted) {
    wanted.given_quotas = running.given_quotas;
    for (std::size_t i = 0; i < wanted.lwm2m_servers.size(); ++i) {
        LwM2mServerConfig& server = wanted.lwm2m_servers[i];
        server.address = running.lwm2m_servers.at(i).address;
        if (server.sources.empty()) {
            server.sources.push_back(server.address.address_text() +
                                     (server.address.is_ipv6 ? "/128" : "/32"));
        }
    }
}

}  // namespace scef::adapter
