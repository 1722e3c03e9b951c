#include <algorithm>
#include <utility>

#include "lwm2m-core/vocabulary/log_fields.h"
#include "scef-adapter/engine/engine.h"

/// Which LwM2M servers a device has: one virtual endpoint for each and for every bootstrap server.
/// Several are told apart by RDS ports (docs/exchanges.md, OSR-001).
namespace scef::adapter {

using queueing::DeviceLeg;
using queueing::EndpointIndex;

namespace {

const LwM2mServerConfig* named(const Config& config, std::string_view name) {
    for (const LwM2mServerConfig& server : config.lwm2m_servers) {
        if (server.name == name) return &server;
    }
    return nullptr;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

tl::unexpected<Error> bad(std::size_t index, const char* sentence) {
    return fail(Errc::invalid_argument, "servers[" + std::to_string(index) + "]: " + sentence);
}

}  // namespace

/// Fills in what was left out: `server` is always the first of `servers`.
Status Engine::resolve_servers(DeviceSpec& spec) const {
    if (spec.server.empty() && !spec.servers.empty()) spec.server = spec.servers.front();
    const auto& servers = config_->lwm2m_servers;
    const auto server = std::find_if(servers.begin(), servers.end(), [&](const auto& candidate) {
        return spec.server.empty() ? !candidate.bootstrap : candidate.name == spec.server;
    });
    if (server == servers.end() || server->bootstrap) {
        return fail(Errc::invalid_argument, "server: there is no LwM2M server of that name");
    }
    spec.server = server->name;
    if (spec.servers.empty()) spec.servers = {spec.server};
    if (spec.servers.front() != spec.server) {
        return fail(Errc::invalid_argument, "server: it must be the first of servers");
    }
    return {};
}

/// What an operator may ask for; after a restart the configuration may say less.
Status Engine::check_servers(const DeviceSpec& spec) const {
    std::vector<nidd::RdsPort> taken;
    const bool needs_ports = spec.servers.size() > 1;
    for (std::size_t i = 0; i < spec.servers.size(); ++i) {
        const LwM2mServerConfig* server = named(*config_, spec.servers[i]);
        if (server == nullptr || server->bootstrap) {
            return bad(i, "there is no LwM2M server of that name");
        }
        if (std::count(spec.servers.begin(), spec.servers.end(), spec.servers[i]) > 1) {
            return bad(i, "it is there twice");
        }
        if (!needs_ports) return {};
        if (!server->rds) {
            return bad(i,
                       "it has no rds ports in the configuration, and a device with several "
                       "LwM2M servers tells them apart by these");
        }
        if (std::find(taken.begin(), taken.end(), server->rds->ports) != taken.end()) {
            return bad(i, "it has the rds ports of an earlier server of this device");
        }
        taken.push_back(server->rds->ports);
    }
    for (const LwM2mServerConfig& server : config_->lwm2m_servers) {
        if (server.bootstrap && !server.rds) {
            return fail(Errc::invalid_argument,
                        "servers: the bootstrap server " + server.name +
                            " has no rds ports in the configuration, and a device with several "
                            "LwM2M servers tells them apart by these");
        }
    }
    return {};
}

bool Engine::is_used_by(const Device& device, EndpointIndex endpoint) const {
    if (!device.activity) return false;
    for (const MessageId& id : device.activity->messages) {
        const MessageView message = find_message(id);
        if (message == nullptr) continue;
        const bool is_its = message->server.state != queueing::ServerLeg::none &&
                            message->server.endpoint == endpoint;
        if (is_its || message->via == endpoint) return true;
    }
    for (const MessageId& id : device.activity->uplinks) {
        const auto found = uplinks_.find(id);
        if (found != uplinks_.end() && found->second->endpoint == endpoint) return true;
    }
    return false;
}

Status Engine::may_leave(const Device& device, const DeviceSpec& wanted) const {
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (config_->lwm2m_servers[endpoint.server].bootstrap) continue;
        if (has(wanted.servers, endpoint.server_name)) continue;
        if (is_used_by(device, endpoint.index)) {
            return fail(Errc::conflict, "servers: messages between the device and " +
                                            endpoint.server_name +
                                            " are still open; purge them or try again later");
        }
    }
    return {};
}

void Engine::leave_servers(Device& device, const DeviceSpec& wanted) {
    std::erase_if(device.endpoints, [&](const VirtualEndpoint& endpoint) {
        if (config_->lwm2m_servers[endpoint.server].bootstrap) return false;
        if (has(wanted.servers, endpoint.server_name)) return false;
        end_observations(device, endpoint.index);
        server_messages_.erase(server_messages_.lower_bound({endpoint.index, 0}),
                               server_messages_.upper_bound({endpoint.index, 0xffff}));
        devices_.forget_endpoint(endpoint.index);
        return true;
    });
}

/// In the order of the configuration. True if there was one to add.
bool Engine::add_endpoints(Device& device) {
    bool added = false;
    for (std::size_t i = 0; i < config_->lwm2m_servers.size(); ++i) {
        const LwM2mServerConfig& server = config_->lwm2m_servers[i];
        if (!server.bootstrap && !has(device.spec.servers, server.name)) continue;
        if (device.endpoint_of_server(server.name) != nullptr) continue;
        device.endpoints.push_back({next_endpoint_++, i, server.name, std::nullopt, std::nullopt});
        added = true;
    }
    if (added) write_shard_record();
    bind_endpoints(device);
    if (added && devices_.contains(device.index)) {
        devices_.assign_endpoints(device);
        changed(device);
    }
    return added;
}

/// At start: servers may have come since, and ports may have gone.
void Engine::complete_endpoints(Device& device) {
    add_endpoints(device);
    if (device.spec.servers.size() < 2) return;
    for (const VirtualEndpoint& endpoint : device.endpoints) {
        if (endpoint.rds) continue;
        log(LogLine::Level::error, "RDS_PORTS_MISSING",
            LogFields()
                .add("device", device.spec.external_id.text())
                .add("server", endpoint.server_name)
                .text());
    }
}

/// Names become what the configuration says of them now; what it no longer has goes.
void Engine::bind_endpoints(Device& device) const {
    std::erase_if(device.endpoints, [&](VirtualEndpoint& endpoint) {
        const LwM2mServerConfig* server = named(*config_, endpoint.server_name);
        if (server == nullptr) return true;
        endpoint.server = static_cast<std::size_t>(server - config_->lwm2m_servers.data());
        endpoint.rds.reset();
        if (server->rds) endpoint.rds = server->rds->ports;
        return false;
    });
}

}  // namespace scef::adapter
