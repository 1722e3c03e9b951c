#pragma once

#include <map>
#include <optional>
#include <string>

#include "simulators/lwm2m-server-simulator/bootstrap_config.h"
#include "simulators/lwm2m-server-simulator/exchanges.h"

namespace scef::lwm2m_server_simulator {

/// The bootstrap server's part of a client-initiated bootstrap (LwM2M Core TS 6.1.7): who asked,
/// and the steps of its plan, each after the success of the one before. A client that is
/// bootstrapped by hand, or whose plan was done, takes single operations. Loop thread only.
class Bootstrap {
public:
    Bootstrap(BootstrapConfig config, Exchanges& exchanges, EventLog& events, Counters& counters,
              Duration step_timeout);

    /// The answer to a Bootstrap-Request: 2.04, 4.00 without a name, 4.04 and 4.05 for what is
    /// none. Sends nothing.
    CoapMessage on_request(const SessionRef& session, const std::string& peer,
                           const CoapMessage& request);

    /// Runs the plan of the client, after it has its 2.04; a run of the same client that is under
    /// way ends silently. With `again` a plan by hand runs, too.
    void start(const std::string& endpoint, bool again = false);
    /// The same with another plan than the configured one.
    void start(const std::string& endpoint, BootstrapPlan plan);

    /// The way to a client that asked, or null.
    const Device* find(const std::string& endpoint) const;
    /// A single operation by hand was answered: a finish ends the bootstrap.
    void on_operation(const std::string& endpoint, const std::string& operation,
                      const DeviceAnswer& answer);
    nlohmann::json to_json() const;
    nlohmann::json to_json(const std::string& endpoint) const;
    void clear() { clients_.clear(); }

private:
    struct Client {
        Device device;
        std::optional<std::uint32_t> preferred_format;  ///< `pct` of its request
        std::string state = "REQUESTED";
        WallTime requested_at{};
        std::uint64_t run = 0;  ///< of `runs_`; 0: none under way
        BootstrapPlan plan;
    };

    void run_step(const std::string& endpoint, std::size_t step, std::uint64_t run);
    void on_step(const std::string& endpoint, std::size_t step, std::uint64_t run,
                 const DeviceAnswer& answer);
    void finish(const std::string& endpoint, Client& client);
    static nlohmann::json describe(const Client& client);

    BootstrapConfig config_;
    Exchanges& exchanges_;
    EventLog& events_;
    Counters& counters_;
    Duration step_timeout_;
    std::uint64_t runs_ = 0;
    std::map<std::string, Client> clients_;
};

}  // namespace scef::lwm2m_server_simulator
