#pragma once

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/device_request.h"

namespace scef::lwm2m_server_simulator::build {

/// Each makes the message of one operation from the body of its call: `target` and `message` of
/// `request`, whose `effect` is set. Errors are sentences about the body.
Status read(DeviceRequest& request, const nlohmann::json& body);
Status discover(DeviceRequest& request, const nlohmann::json& body);
Status write(DeviceRequest& request, const nlohmann::json& body);
Status write_attributes(DeviceRequest& request, const nlohmann::json& body);
Status execute(DeviceRequest& request, const nlohmann::json& body);
Status create(DeviceRequest& request, const nlohmann::json& body);
Status remove(DeviceRequest& request, const nlohmann::json& body);
Status read_composite(DeviceRequest& request, const nlohmann::json& body);
Status write_composite(DeviceRequest& request, const nlohmann::json& body);
Status cancel(DeviceRequest& request, const nlohmann::json& body);
Status bootstrap_write(DeviceRequest& request, const nlohmann::json& body);
Status bootstrap_finish(DeviceRequest& request, const nlohmann::json& body);

}  // namespace scef::lwm2m_server_simulator::build
