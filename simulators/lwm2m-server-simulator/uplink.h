#pragma once

#include <string>

#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/counters.h"
#include "simulators/lwm2m-server-simulator/event_log.h"
#include "simulators/lwm2m-server-simulator/registration_request.h"
#include "simulators/lwm2m-server-simulator/registry.h"

namespace scef::lwm2m_server_simulator {

/// What becomes of registrations, told on the loop thread before the client has its answer.
class RegistrationListener {
public:
    virtual ~RegistrationListener() = default;
    /// The client has a new registration and knows nothing of what was before.
    virtual void on_registered(const Registration& registration) = 0;
    virtual void on_updated(const Registration& registration) = 0;
    virtual void on_sent(const Registration& registration) = 0;
    /// De-registered or expired.
    virtual void on_gone(const std::string& endpoint) = 0;
};

/// The requests of clients: Register, Update, De-register (LwM2M Core TS 6.2) and Send (6.4.6).
/// Changes the registry and tells the events. Loop thread only.
class Uplink {
public:
    /// `listener` outlives it.
    Uplink(Registry& registry, EventLog& events, Counters& counters, RegistrationListener& listener)
        : registry_(registry), events_(events), counters_(counters), listener_(listener) {}

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
    RegistrationListener& listener_;
};

}  // namespace scef::lwm2m_server_simulator
