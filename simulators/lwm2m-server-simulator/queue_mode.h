#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/device_answer.h"
#include "simulators/lwm2m-server-simulator/device_request.h"
#include "simulators/lwm2m-server-simulator/event_log.h"

namespace scef::lwm2m_server_simulator {

struct QueueModeSettings {
    bool holds = false;  ///< false: requests leave at once, whether the client sleeps or not
    Duration awake_time = std::chrono::seconds(93);  ///< MAX_TRANSMIT_WAIT of RFC 7252
    Duration hold_time = std::chrono::hours(24);
};

/// Queue mode as a server sees it (LwM2M Transport TS 6.5): a client that registered with it is
/// awake for a while after it was heard and sleeps then. What is to be sent to it waits until its
/// next message and leaves in order, one request after the answer of the one before. Without
/// `holds`, and for other clients, requests pass at once. Loop thread only.
class QueueMode {
public:
    using Done = std::function<void(DeviceAnswer)>;
    /// Sends a request to the client of that name.
    using Start = std::function<void(const std::string& endpoint, DeviceRequest, Done)>;

    QueueMode(QueueModeSettings settings, EventLog& events, Start start)
        : settings_(settings), events_(events), start_(std::move(start)) {}

    /// Sends it now or later; `done` is called exactly once.
    void submit(const std::string& endpoint, DeviceRequest request, Done done, Instant now);

    /// Register or Update with or without queue mode.
    void on_registered(const std::string& endpoint, bool queue_mode, Instant now);
    /// Any other message of the client.
    void on_heard(const std::string& endpoint, Instant now);
    /// It does not answer: it sleeps already.
    void on_silent(const std::string& endpoint);
    /// It is not registered any more; what waits ends as `unknown_client`.
    void on_gone(const std::string& endpoint);
    void on_time(Instant now);
    /// What waits ends as `stopped`.
    void stop();

    /// `{"presence": "AWAKE" or "SLEEPING", "requestsHeld": n}`; empty for who is not in the queue
    /// mode.
    nlohmann::json to_json(const std::string& endpoint) const;

private:
    struct Held {
        DeviceRequest request;
        Done done;
        Instant since{};
        Instant given_up_at{};
    };
    struct Client {
        bool awake = false;
        Instant sleeps_at{};
        bool busy = false;  // a request is on its way
        std::deque<Held> held;
    };

    void wake(const std::string& endpoint, Client& client, Instant now);
    void sleep(const std::string& endpoint, Client& client, const char* why);
    void send_next(const std::string& endpoint);
    void end_all(std::deque<Held> held, DeviceAnswer::Outcome outcome);

    QueueModeSettings settings_;
    EventLog& events_;
    Start start_;
    std::map<std::string, Client> clients_;
};

}  // namespace scef::lwm2m_server_simulator
