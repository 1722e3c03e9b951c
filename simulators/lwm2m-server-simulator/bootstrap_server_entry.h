#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/bootstrap_config.h"

namespace scef::lwm2m_server_simulator {

/// Bootstrap-Writes of /0/x and /1/x that one entry of `servers` describes; `number` counts from 1
/// and is its short server id and instance unless it says others.
Result<std::vector<BootstrapStep>> server_steps(const nlohmann::json& entry, std::size_t number,
                                                const std::string& place,
                                                const BootstrapDefaults& defaults);

/// Bootstrap-Write of the instance of object 2 that one entry of `accessControl` describes.
Result<BootstrapStep> access_control_step(const nlohmann::json& entry, std::size_t number,
                                          const std::string& place);

/// Is `entry` an object with members of these names only? The error lists them.
Status check_known(const nlohmann::json& entry, const std::string& place,
                   std::initializer_list<const char*> names);

}  // namespace scef::lwm2m_server_simulator
