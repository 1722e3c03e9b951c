#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulators/lwm2m-server-simulator/exchanges.h"

namespace scef::lwm2m_server_simulator {

/// What a bootstrap server writes into a client.
struct BootstrapSettings {
    std::string server_uri = "coap://127.0.0.1:5683";
    std::chrono::seconds lifetime{300};
    std::uint16_t short_server_id = 1;
    std::string binding = "U";
};

/// The bootstrap server's part of a client-initiated bootstrap (LwM2M Core TS 6.1.7): DELETE /,
/// write /0/1 (security) and /1/1 (server), Bootstrap-Finish; each step after the success of the
/// one before. Loop thread only.
class Bootstrap {
public:
    Bootstrap(BootstrapSettings settings, Exchanges& exchanges, EventLog& events,
              Counters& counters, Duration step_timeout);

    /// Runs the steps with `device`; a run of the same endpoint that is under way ends silently.
    void start(const Device& device);

private:
    void run_step(const Device& device, std::size_t step, std::uint64_t run);
    std::vector<DeviceRequest> steps() const;

    BootstrapSettings settings_;
    Exchanges& exchanges_;
    EventLog& events_;
    Counters& counters_;
    Duration step_timeout_;
    std::uint64_t runs_ = 0;
    std::map<std::string, std::uint64_t> current_run_;  // by endpoint
};

}  // namespace scef::lwm2m_server_simulator
