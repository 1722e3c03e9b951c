#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/device_request.h"

namespace scef::lwm2m_server_simulator {

/// What the command line says for servers that the configuration says nothing of.
struct BootstrapDefaults {
    std::string server_uri = "coap://127.0.0.1:5683";
    std::chrono::seconds lifetime{300};
};

/// One operation of a bootstrap: its name and body, as a call would have them.
struct BootstrapStep {
    std::string operation;
    nlohmann::json body;
};

/// What one client gets.
struct BootstrapPlan {
    bool by_hand = false;  ///< nothing is sent but the 2.04 to the request; a person does the rest
    std::vector<BootstrapStep> steps;  ///< the last one is bootstrap-finish
};

/// The plans of `--bootstrap-config FILE`: one for every client that has none of its own. Format in
/// README.md, "Bootstrap".
class BootstrapConfig {
public:
    /// Without a file: Delete of the root, one server.
    static BootstrapConfig usual(const BootstrapDefaults& defaults);
    /// `invalid_argument` with the place and what was expected there, such as
    /// `clients.meter-1.servers[0]: 'lifetme' is unknown; …`.
    static Result<BootstrapConfig> parse(const nlohmann::json& text,
                                         const BootstrapDefaults& defaults);
    static Result<BootstrapConfig> load(const std::string& file, const BootstrapDefaults& defaults);

    const BootstrapPlan& plan_of(const std::string& endpoint) const;
    /// All clients are bootstrapped by hand.
    void set_by_hand();

private:
    BootstrapPlan default_;
    std::map<std::string, BootstrapPlan> by_endpoint_;
};

/// The plan that one entry of the configuration describes; `place` begins its errors.
Result<BootstrapPlan> read_bootstrap_plan(const nlohmann::json& entry, const std::string& place,
                                          const BootstrapDefaults& defaults);

}  // namespace scef::lwm2m_server_simulator
