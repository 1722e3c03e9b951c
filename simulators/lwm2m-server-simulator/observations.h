#pragma once

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/device.h"
#include "simulators/lwm2m-server-simulator/device_request.h"
#include "simulators/lwm2m-server-simulator/event_log.h"

namespace scef::lwm2m_server_simulator {

struct Observation {
    Device device;
    DeviceRequest request;
    WallTime since{};
    std::uint64_t notifications = 0;
};

/// What is observed at which client, by token (RFC 7641): one observation a client and target.
/// Tells of beginning and end as events. Loop thread only.
class Observations {
public:
    explicit Observations(EventLog& events) : events_(events) {}

    Observation* find(const std::string& token);
    /// Empty if that is not observed.
    std::string token_of(const std::string& endpoint, const std::string& target) const;

    /// Adds it, in place of one with the same target.
    void add(const std::string& token, const Device& device, const DeviceRequest& request);
    /// Ends it, if it is there; `how` goes into the event: `request`, `refused`, …
    void end(const std::string& token, const char* how);
    /// Forgets it now; its next notification is to be reset.
    void reset_next(const std::string& token);
    /// Is this a notification that `reset_next` is about? Then the observation has ended.
    bool take_reset(const std::string& token);

    /// The client has other observations than before: none.
    void forget(const std::string& endpoint);
    /// The client speaks from another address now.
    void move(const Device& device);
    void clear();

    /// Those of one client.
    nlohmann::json to_json(const std::string& endpoint) const;

private:
    void tell_end(const Observation& observation, const char* how);

    EventLog& events_;
    std::map<std::string, Observation> by_token_;
    std::map<std::string, Observation> to_be_reset_;
};

}  // namespace scef::lwm2m_server_simulator
