#pragma once

#include <string>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/coap_endpoint.h"

namespace scef::lwm2m_server_simulator {

/// Writes what passes the server's socket to a capture at `path`, with the addresses as they are
/// and 5683 for the server's own port, which `server` (as `127.0.0.1:5693`) may have elsewhere:
/// that is what Wireshark takes for CoAP. One sentence if the file cannot be made.
Result<CoapEndpoint::Watcher> pcap_watcher(const std::string& path, const std::string& server);

}  // namespace scef::lwm2m_server_simulator
