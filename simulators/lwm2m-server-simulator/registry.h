#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lwm2m-core/lwm2m/link_format.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "simulators/lwm2m-server-simulator/coap_session.h"

namespace scef::lwm2m_server_simulator {

/// What a client said when it registered, and where it was last heard.
struct Registration {
    std::string endpoint;
    std::string location;  ///< the segment after `/rd/`
    std::string address;   ///< source of the last Register or Update, `ip:port`
    SessionRef session;    ///< the way back to that address
    std::string version = "1.0";
    std::string binding = "U";
    bool queue_mode = false;
    std::string sms;
    std::string root;  ///< path in front of its objects, such as `/lwm2m`; usually empty
    std::chrono::seconds lifetime{86400};
    std::vector<lwm2m::Link> links;
    WallTime registered_at{};
    WallTime last_update{};
    Instant expires_at = never;
};

/// Who is registered (LwM2M Core TS 6.2). One registration an endpoint name; a later one replaces
/// the former. Loop thread only.
class Registry {
public:
    /// Keeps it under a location that was not used before; gives the kept one.
    Registration& add(Registration registration);
    Registration* find(const std::string& endpoint);
    Registration* find_location(const std::string& location);
    /// The one that was last heard from that address, or null.
    Registration* find_address(const std::string& address);
    void remove(const std::string& endpoint);
    /// Takes out those whose lifetime is over.
    std::vector<Registration> take_expired(Instant now);

    const std::map<std::string, Registration>& all() const { return by_endpoint_; }
    void clear() { by_endpoint_.clear(); }

private:
    std::map<std::string, Registration> by_endpoint_;
    std::uint64_t next_location_ = 0;
};

}  // namespace scef::lwm2m_server_simulator
