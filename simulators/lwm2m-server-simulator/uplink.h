#pragma once

#include <functional>
#include <string>

#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/counters.h"
#include "simulators/lwm2m-server-simulator/event_log.h"
#include "simulators/lwm2m-server-simulator/registry.h"

namespace scef::lwm2m_server_simulator {

/// The requests of clients: Register, Update, De-register (LwM2M Core TS 6.2) and Send (6.4.6).
/// Changes the registry and tells the events. Loop thread only.
class Uplink {
public:
    /// `on_gone` is called with the endpoint name when a registration ends or is replaced.
    Uplink(Registry& registry, EventLog& events, Counters& counters,
           std::function<void(const std::string&)> on_gone);

    /// The answer to a request; 4.04 for a path that is none of `/rd`, `/rd/{location}`, `/dp`.
    CoapMessage on_request(const SessionRef& session, const std::string& peer,
                           const CoapMessage& request);
    void end_expired(Instant now);

private:
    CoapMessage on_register(const SessionRef& session, const std::string& peer,
                            const CoapMessage& request);
    CoapMessage on_update(Registration& registration, const SessionRef& session,
                          const std::string& peer, const CoapMessage& request);
    CoapMessage on_deregister(const Registration& registration);
    CoapMessage on_send(const std::string& peer, const CoapMessage& request);

    Registry& registry_;
    EventLog& events_;
    Counters& counters_;
    std::function<void(const std::string&)> on_gone_;
};

/// A registration as the REST API and the events show it.
nlohmann::json to_json(const Registration& registration);

}  // namespace scef::lwm2m_server_simulator
