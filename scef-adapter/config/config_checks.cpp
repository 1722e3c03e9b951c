#include <algorithm>
#include <bit>
#include <set>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {
namespace {

/// Each shard can give at least this many addresses, as a power of two.
constexpr unsigned index_bits_min = 4;

std::string entry(const char* list, std::size_t index) {
    return std::string(list) + '[' + std::to_string(index) + ']';
}

template <typename Entries>
void check_names(const Entries& entries, const char* list, Mistakes& mistakes) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string& name = entries[i].name;
        if (!name.empty() && !seen.insert(name).second) {
            mistakes.add(entry(list, i) + ".name",
                         in_quotes(name) + " is the name of an earlier entry; choose another");
        }
    }
}

void check_scefs(const Config& config, Mistakes& mistakes) {
    if (config.scefs.empty()) {
        mistakes.add("scefs", "needs at least one entry with name, api_root and scs_as_id");
    }
    check_names(config.scefs, "scefs", mistakes);
    std::set<std::string> served;
    for (std::size_t i = 0; i < config.scefs.size(); ++i) {
        const auto& domains = config.scefs[i].domains;
        if (domains.empty()) {
            mistakes.add(entry("scefs", i) + ".domains",
                         "needs at least one domain, or \"*\" for all");
        }
        const auto& breaker = config.scefs[i].limits.circuit_breaker;
        if (breaker.back_off_max < breaker.back_off) {
            mistakes.add(entry("scefs", i) + ".limits.circuit_breaker.back_off_max",
                         "is shorter than back_off, which it bounds; use " +
                             to_text(breaker.back_off) + " or more");
        }
        for (const std::string& domain : std::set(domains.begin(), domains.end())) {
            if (served.insert(domain).second) continue;
            mistakes.add(entry("scefs", i) + ".domains",
                         "the domain " + in_quotes(domain) +
                             " is served by an earlier entry already; a device needs one SCEF");
        }
    }
}

/// A bootstrap server is on every device, so no other server may have its ports. Other servers may
/// share theirs, as long as no device has both.
void check_ports(const std::vector<LwM2mServerConfig>& servers, Mistakes& mistakes) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool meet = servers[i].bootstrap || servers[j].bootstrap;
            if (!meet || !servers[i].rds || !servers[j].rds) continue;
            if (servers[i].rds->ports != servers[j].rds->ports) continue;
            mistakes.add(entry("lwm2m_servers", i) + ".rds",
                         "has the ports of " + in_quotes(servers[j].name) +
                             ", and every device has the bootstrap server too; choose others");
        }
    }
}

void check_holds(const std::vector<LwM2mServerConfig>& servers, Mistakes& mistakes) {
    for (std::size_t i = 0; i < servers.size(); ++i) {
        if (servers[i].ack_hold && *servers[i].ack_hold >= servers[i].separate_response_limit) {
            mistakes.add(entry("lwm2m_servers", i) + ".ack_hold",
                         "must be shorter than separate_response_limit");
        }
    }
}

void check_servers(const Config& config, Mistakes& mistakes) {
    const auto& servers = config.lwm2m_servers;
    const bool has_server = std::any_of(servers.begin(), servers.end(),
                                        [](const auto& server) { return !server.bootstrap; });
    if (!has_server) {
        mistakes.add("lwm2m_servers",
                     "needs at least one entry with name and uri that is no bootstrap server");
    }
    check_names(servers, "lwm2m_servers", mistakes);
    check_ports(servers, mistakes);
    check_holds(servers, mistakes);
}

void check_listeners(const Config& config, Mistakes& mistakes) {
    const auto admin = parse_socket_address(config.admin.listen);
    const auto notifications = parse_socket_address(config.notifications.listen);
    if (!admin || !notifications) return;
    if (!is_loopback(*admin) && config.admin.tokens_file.empty()) {
        mistakes.add("admin.tokens_file",
                     "is required because admin listens on " + config.admin.listen +
                         ", which others can reach; name a file with lines role:token");
    }
    if (*admin == *notifications && admin->port != 0) {
        mistakes.add("notifications.listen",
                     "is the address of admin.listen too; choose another port");
    }
}

void check_virtual_endpoints(const Config& config, Mistakes& mistakes) {
    const auto& endpoints = config.virtual_endpoints;
    const unsigned last_port = endpoints.port + config.shards - 1u;
    if (last_port > 65535) {
        mistakes.add("virtual_endpoints.port",
                     "each shard has its own port, so the last would be " +
                         std::to_string(last_port) + "; use a port up to " +
                         std::to_string(65536u - config.shards));
    }
    const auto prefix = parse_address_block(endpoints.prefix);
    const auto shard_bits = static_cast<unsigned>(std::bit_width(config.shards - 1u));
    if (!prefix || prefix->host_bits() >= shard_bits + index_bits_min) return;
    const unsigned bits = prefix->address.is_ipv6 ? 128 : 32;
    mistakes.add("virtual_endpoints.prefix",
                 "is too small for " + std::to_string(config.shards) +
                     " shards with 16 devices each; its length may be at most /" +
                     std::to_string(bits - shard_bits - index_bits_min));
}

/// Exceptions are of one device: nothing tells which of many devices would have them.
void check_quota_scopes(const Config& config, Mistakes& mistakes) {
    const auto check = [&](const std::string& path, const std::string& name) {
        if (name.empty()) return;
        const auto quota = config.quotas.find(name);
        if (quota == config.quotas.end()) {
            mistakes.add(path, "there is no quota " + in_quotes(name) +
                                   "; use a name from quotas, or add it there");
        } else if (quota->second.downlink.exceptions || quota->second.uplink.exceptions) {
            mistakes.add(path, "the quota " + in_quotes(name) +
                                   " has exceptions, which only a device can have; use another");
        }
    };
    check("quota_scopes.account", config.quota_scopes.account);
    for (const auto& [group, quota] : config.quota_scopes.groups) {
        check("quota_scopes.groups." + group, quota);
    }
    for (std::size_t i = 0; i < config.scefs.size(); ++i) {
        check(entry("scefs", i) + ".quota", config.scefs[i].quota);
    }
}

}  // namespace

void check_config(const Config& config, Mistakes& mistakes) {
    check_scefs(config, mistakes);
    check_servers(config, mistakes);
    check_listeners(config, mistakes);
    check_virtual_endpoints(config, mistakes);
    check_quota_scopes(config, mistakes);
}

}  // namespace scef::adapter
