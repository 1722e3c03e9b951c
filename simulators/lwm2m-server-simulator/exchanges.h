#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/blockwise.h"
#include "simulators/lwm2m-server-simulator/counters.h"
#include "simulators/lwm2m-server-simulator/device.h"
#include "simulators/lwm2m-server-simulator/device_answer.h"
#include "simulators/lwm2m-server-simulator/device_request.h"
#include "simulators/lwm2m-server-simulator/event_log.h"
#include "simulators/lwm2m-server-simulator/observations.h"

namespace scef::lwm2m_server_simulator {

/// What the exchanges show of a client to the rest of the server, on the loop thread.
class ExchangeListener {
public:
    virtual ~ExchangeListener() = default;
    /// An answer or notification of the client arrived.
    virtual void on_heard(const std::string& endpoint) = 0;
    /// A request to it got no answer in time.
    virtual void on_silent(const std::string& endpoint) = 0;
    virtual void on_notified(const std::string& endpoint, const std::string& path,
                             const nlohmann::json& payload) = 0;
};

/// The requests to devices that are not answered yet, and the observations, both by token. The
/// time an answer may take is the request's own timeout, however long the CoAP exchange lives.
/// Loop thread only.
class Exchanges {
public:
    using Done = std::function<void(DeviceAnswer)>;
    using Send = std::function<Result<std::uint16_t>(const SessionRef&, const CoapMessage&)>;

    /// `listener` outlives it.
    Exchanges(EventLog& events, Counters& counters, ExchangeListener& listener)
        : events_(events), counters_(counters), listener_(listener), observations_(events) {}

    /// How messages leave; set once before the first `start`.
    void set_sender(Send send) { send_ = std::move(send); }

    /// Sends `request`; `done` is called exactly once.
    void start(const Device& device, DeviceRequest request, Done done);

    /// False if nobody waits for that token.
    bool on_response(const std::string& peer, const CoapMessage& response);
    void on_refused(const std::string& token, bool reset);
    void on_empty_ack(const std::string& peer, std::uint16_t message_id);
    unsigned on_request_sent(const std::string& token);
    void end_overdue(Instant now);
    /// The client is there again, perhaps from another address: what waits for it goes on.
    void resume(const Device& device);
    /// The client's registration ended or began anew: its observations are over.
    void forget_observations(const std::string& endpoint) { observations_.forget(endpoint); }
    nlohmann::json observations_of(const std::string& endpoint) const {
        return observations_.to_json(endpoint);
    }
    /// Ends everything as `stopped`.
    void stop();

private:
    struct Exchange {
        Device device;
        DeviceRequest request;
        BlockwiseTransfer transfer;
        std::uint16_t message_id = 0;
        Instant started{};
        Instant deadline{};
        unsigned datagrams = 0;  ///< requests that left, retransmissions among them
        unsigned messages = 0;   ///< messages of the transfer, each once
        unsigned repeats_due = 0;
        bool acknowledged = false;  ///< by an empty ACK
        bool waits = false;         ///< for the client to be heard again
        bool settled = false;       ///< its first answer decided over the observation
        Done done;
    };
    using Table = std::map<std::string, Exchange>;

    bool cancel_by_reset(const Device& device, const DeviceRequest& request);
    void send_next(const std::string& token);
    void finish(Table::iterator entry, DeviceAnswer answer);
    void tell_answer(const Exchange& exchange, const DeviceAnswer& answer);
    void on_no_answer(Table::iterator entry);
    void on_answer(Table::iterator entry, CoapMessage response);
    void settle_observation(const std::string& token, const Exchange& exchange,
                            const CoapMessage& response);
    void on_notification(Observation& observation, const CoapMessage& notification);
    void fetch_rest(const Observation& observation, const CoapMessage& notification,
                    BlockwiseTransfer transfer, DeviceRequest request);
    void tell_notification(const Observation& observation, const CoapMessage& notification,
                           nlohmann::json payload);

    EventLog& events_;
    Counters& counters_;
    ExchangeListener& listener_;
    Send send_;
    Table exchanges_;
    Observations observations_;
};

}  // namespace scef::lwm2m_server_simulator
