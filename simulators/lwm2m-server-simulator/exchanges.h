#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/blockwise.h"
#include "simulators/lwm2m-server-simulator/coap_session.h"
#include "simulators/lwm2m-server-simulator/counters.h"
#include "simulators/lwm2m-server-simulator/device_request.h"
#include "simulators/lwm2m-server-simulator/event_log.h"

namespace scef::lwm2m_server_simulator {

/// How an operation on a device ended.
struct DeviceAnswer {
    enum class Outcome : std::uint8_t {
        answered,
        timeout,
        reset,
        not_observed,
        not_sent,
        unknown_client,
        stopped
    };

    Outcome outcome = Outcome::answered;
    std::uint8_t code = 0;   ///< CoAP, if answered
    nlohmann::json payload;  ///< decoded
    std::optional<std::uint32_t> content_format;
    std::string location;   ///< `/3303/1` after a Create
    bool separate = false;  ///< came as a separate response
    unsigned retransmissions = 0;
    Duration latency{};
};

/// The way to a device.
struct Device {
    std::string endpoint;
    std::string peer;  ///< `ip:port`
    SessionRef session;
};

/// The requests to devices that are not answered yet, and the observations, both by token. The
/// time an answer may take is the request's own timeout, however long the CoAP exchange lives.
/// Loop thread only.
class Exchanges {
public:
    using Done = std::function<void(DeviceAnswer)>;
    using Send = std::function<Result<std::uint16_t>(const SessionRef&, const CoapMessage&)>;

    Exchanges(EventLog& events, Counters& counters) : events_(events), counters_(counters) {}

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
    void forget_observations(const std::string& endpoint);
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
        Done done;
    };
    struct Observation {
        Device device;
        DeviceRequest request;
    };
    using Table = std::map<std::string, Exchange>;

    std::string token_for(const Device& device, const DeviceRequest& request);
    bool send_next(const std::string& token);
    void finish(Table::iterator entry, DeviceAnswer answer);
    void on_answer(Table::iterator entry, CoapMessage response);
    void settle_observation(const std::string& token, const Exchange& exchange,
                            const CoapMessage& response);
    void on_notification(const Observation& observation, CoapMessage notification);
    void tell_notification(const Observation& observation, const CoapMessage& notification);

    EventLog& events_;
    Counters& counters_;
    Send send_;
    Table exchanges_;
    std::map<std::string, Observation> observations_;
};

}  // namespace scef::lwm2m_server_simulator
