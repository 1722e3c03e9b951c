#pragma once

#include <string>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/device_answer.h"

namespace scef::lwm2m_server_simulator {

void reply(httplib::Response& response, int status, const nlohmann::json& body,
           const char* type = "application/json");

/// A problem document (RFC 9457): what is wrong and, where there is a choice, what there is.
void reply_problem(httplib::Response& response, int status, const std::string& detail);
void reply_problem(httplib::Response& response, const Error& error);

/// What a device answered, or why it did not.
void reply_answer(httplib::Response& response, const DeviceAnswer& answer);

}  // namespace scef::lwm2m_server_simulator
