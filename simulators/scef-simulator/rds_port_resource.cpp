#include "simulators/scef-simulator/rds_port_resource.h"

#include "simulators/scef-simulator/nidd_answers.h"
#include "simulators/scef-simulator/rds.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr const char* what = "RDS port";

/// A ManagePort; static ports have no application of their own, so the SCS/AS stands for it.
json managed_port(const Configuration& configuration, const RdsPort& port) {
    return {{"self", configuration.self + "/rds-ports/" + port_id_of(port)},
            {"appId", configuration.mtc_provider_id.empty() ? configuration.scs_as_id
                                                            : configuration.mtc_provider_id},
            {"manageEntity", "AS"}};
}

}  // namespace

HttpAnswer RdsPortResource::handle(const T8Target& target, const std::string& method) {
    const bool is_list = target.item.empty();
    const bool is_change = !is_list && (method == "PUT" || method == "DELETE");
    if (method != "GET" && !is_change) {
        return method_not_allowed(is_list ? "GET" : "GET, PUT, DELETE");
    }
    return host_.with([&](Scef& scef, const Turn&) {
        HttpAnswer refusal;
        const Configuration* configuration = find_configuration(scef, target, refusal);
        if (configuration == nullptr) return refusal;
        if (scef.admission().refusal_of(*configuration, Feature::rds_dynamic_port)) {
            return not_found("resource: the feature Rds_dynamic_port was not negotiated");
        }
        if (is_change) {
            return problem_answer({501,
                                   "RDS ports are not managed at run time: give rdsPorts in the "
                                   "NIDD configuration",
                                   "",
                                   {}});
        }
        json list = json::array();
        for (const RdsPort& port : configuration->rds_ports) {
            if (is_list) list.push_back(managed_port(*configuration, port));
            if (port_id_of(port) != target.item) continue;
            return json_answer(200, managed_port(*configuration, port));
        }
        return is_list ? json_answer(200, list) : not_found(what);
    });
}

}  // namespace scef::scef_simulator
