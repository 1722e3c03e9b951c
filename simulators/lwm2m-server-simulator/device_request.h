#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"

namespace scef::lwm2m_server_simulator {

/// An LwM2M operation on a device (Core TS 6.3, 6.4), ready to be sent.
struct DeviceRequest {
    enum class Effect : std::uint8_t { none, observe, cancel };

    std::string target;   ///< `/3/0/1`; paths of a composite operation joined by commas
    CoapMessage message;  ///< without token and message id
    Effect effect = Effect::none;
    Duration timeout{};
    unsigned repeat_datagram = 0;  ///< identical copies to send along with the first datagram
};

/// Reads the body of `POST /clients/{ep}/{operation}`. `not_found` for an unknown operation,
/// `invalid_argument` for a body that does not fit it.
Result<DeviceRequest> make_device_request(const std::string& operation, const nlohmann::json& body,
                                          Duration default_timeout);

}  // namespace scef::lwm2m_server_simulator
