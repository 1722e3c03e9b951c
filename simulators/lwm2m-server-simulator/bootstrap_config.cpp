#include "simulators/lwm2m-server-simulator/bootstrap_config.h"

#include <fstream>

#include "simulators/lwm2m-server-simulator/bootstrap_server_entry.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

Result<json> deletes_of(const json& entry, const std::string& place) {
    json deletes = entry.value("delete", json::array({"/"}));
    if (deletes.is_array()) return deletes;
    return fail(Errc::invalid_argument,
                place + ".delete is to be an array of paths, such as [\"/\"]");
}

Result<json> list_of(const json& entry, const char* name, const std::string& place) {
    json list = entry.value(name, json::array());
    if (list.is_array()) return list;
    return fail(Errc::invalid_argument, place + "." + name + " is to be an array");
}

Status add_servers(BootstrapPlan& plan, const json& entry, const std::string& place,
                   const BootstrapDefaults& defaults) {
    json servers = entry.value("servers", json::array({json::object()}));
    if (!servers.is_array()) {
        return fail(Errc::invalid_argument, place + ".servers is to be an array of objects");
    }
    for (std::size_t i = 0; i < servers.size(); ++i) {
        const std::string here = place + ".servers[" + std::to_string(i) + "]";
        auto steps = server_steps(servers[i], i + 1, here, defaults);
        if (!steps) return tl::unexpected(steps.error());
        plan.steps.insert(plan.steps.end(), steps->begin(), steps->end());
    }
    return {};
}

Status add_access_control(BootstrapPlan& plan, const json& entry, const std::string& place) {
    const auto list = list_of(entry, "accessControl", place);
    if (!list) return tl::unexpected(list.error());
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string here = place + ".accessControl[" + std::to_string(i) + "]";
        auto step = access_control_step((*list)[i], i, here);
        if (!step) return tl::unexpected(step.error());
        plan.steps.push_back(std::move(*step));
    }
    return {};
}

Status add_writes(BootstrapPlan& plan, const json& entry, const std::string& place) {
    const auto list = list_of(entry, "writes", place);
    if (!list) return tl::unexpected(list.error());
    for (const json& body : *list) plan.steps.push_back({"bootstrap-write", body});
    return {};
}

/// The content format of the plan goes into the writes that name none.
void set_format(BootstrapPlan& plan, const json& format) {
    for (BootstrapStep& step : plan.steps) {
        const bool is_write = step.operation == "bootstrap-write" && step.body.is_object();
        const bool has_values = is_write && step.body.contains("values");
        if (has_values && !step.body.contains("contentFormat")) step.body["contentFormat"] = format;
    }
}

/// A step that cannot be made into a request is found at the start, not at the first client.
Status check_steps(const BootstrapPlan& plan, const std::string& place) {
    for (const BootstrapStep& step : plan.steps) {
        const auto made =
            make_device_request(step.operation, step.body, Duration(1), ServerRole::bootstrap);
        if (made) continue;
        return fail(Errc::invalid_argument, place + ": " + step.operation + " " + step.body.dump() +
                                                ": " + made.error().message);
    }
    return {};
}

}  // namespace

Result<BootstrapPlan> read_bootstrap_plan(const json& entry, const std::string& place,
                                          const BootstrapDefaults& defaults) {
    const Status known = check_known(
        entry, place,
        {"byHand", "discover", "delete", "servers", "accessControl", "writes", "contentFormat"});
    if (!known) return tl::unexpected(known.error());
    BootstrapPlan plan;
    for (const char* const flag : {"byHand", "discover"}) {
        if (entry.contains(flag) && !entry[flag].is_boolean()) {
            return fail(Errc::invalid_argument, place + "." + flag + " is to be true or false");
        }
    }
    plan.by_hand = entry.value("byHand", false);
    if (entry.value("discover", false)) {
        plan.steps.push_back({"bootstrap-discover", {{"path", "/"}}});
    }
    const auto deletes = deletes_of(entry, place);
    if (!deletes) return tl::unexpected(deletes.error());
    for (const json& path : *deletes) plan.steps.push_back({"bootstrap-delete", {{"path", path}}});
    if (const Status added = add_servers(plan, entry, place, defaults); !added) {
        return tl::unexpected(added.error());
    }
    if (const Status added = add_access_control(plan, entry, place); !added) {
        return tl::unexpected(added.error());
    }
    if (const Status added = add_writes(plan, entry, place); !added) {
        return tl::unexpected(added.error());
    }
    if (entry.contains("contentFormat")) set_format(plan, entry["contentFormat"]);
    plan.steps.push_back({"bootstrap-finish", json::object()});
    if (const Status good = check_steps(plan, place); !good) return tl::unexpected(good.error());
    return plan;
}

BootstrapConfig BootstrapConfig::usual(const BootstrapDefaults& defaults) {
    BootstrapConfig config;
    config.default_ =
        read_bootstrap_plan(json::object(), "default", defaults).value_or(BootstrapPlan{});
    return config;
}

Result<BootstrapConfig> BootstrapConfig::parse(const json& text,
                                               const BootstrapDefaults& defaults) {
    const Status known = check_known(text, "the configuration", {"default", "clients"});
    if (!known) return tl::unexpected(known.error());
    BootstrapConfig config;
    auto plan = read_bootstrap_plan(text.value("default", json::object()), "default", defaults);
    if (!plan) return tl::unexpected(plan.error());
    config.default_ = std::move(*plan);
    const json clients = text.value("clients", json::object());
    if (!clients.is_object()) {
        return fail(Errc::invalid_argument, "clients is to be an object by endpoint name");
    }
    for (const auto& [endpoint, entry] : clients.items()) {
        auto own = read_bootstrap_plan(entry, "clients." + endpoint, defaults);
        if (!own) return tl::unexpected(own.error());
        config.by_endpoint_.emplace(endpoint, std::move(*own));
    }
    return config;
}

Result<BootstrapConfig> BootstrapConfig::load(const std::string& file,
                                              const BootstrapDefaults& defaults) {
    std::ifstream stream(file);
    if (!stream) return fail(Errc::invalid_argument, "cannot read '" + file + "'");
    const json text = json::parse(stream, nullptr, false);
    if (text.is_discarded()) return fail(Errc::invalid_argument, "'" + file + "' is no JSON");
    auto config = parse(text, defaults);
    if (!config) return fail(Errc::invalid_argument, "'" + file + "': " + config.error().message);
    return config;
}

const BootstrapPlan& BootstrapConfig::plan_of(const std::string& endpoint) const {
    const auto own = by_endpoint_.find(endpoint);
    return own == by_endpoint_.end() ? default_ : own->second;
}

void BootstrapConfig::set_by_hand() {
    default_.by_hand = true;
    for (auto& [endpoint, plan] : by_endpoint_) plan.by_hand = true;
}

}  // namespace scef::lwm2m_server_simulator
