#pragma once

#include <string>

#include "simulators/lwm2m-server-simulator/coap_session.h"

namespace scef::lwm2m_server_simulator {

/// The way to a device. Loop thread only.
struct Device {
    std::string endpoint;
    std::string peer;  ///< `ip:port`
    SessionRef session;
    std::string root;  ///< its alternate path (Core TS 6.4.1) such as `/lwm2m`; usually empty
};

}  // namespace scef::lwm2m_server_simulator
