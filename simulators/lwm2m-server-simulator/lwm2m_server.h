#pragma once

#include <future>
#include <memory>
#include <optional>

#include <nlohmann/json.hpp>

#include "simulators/lwm2m-server-simulator/answer_memory.h"
#include "simulators/lwm2m-server-simulator/blockwise.h"
#include "simulators/lwm2m-server-simulator/bootstrap.h"
#include "simulators/lwm2m-server-simulator/coap_endpoint.h"
#include "simulators/lwm2m-server-simulator/exchanges.h"
#include "simulators/lwm2m-server-simulator/uplink.h"

namespace scef::lwm2m_server_simulator {

struct ServerSettings {
    HostPort listen{"127.0.0.1", 5683};
    Duration request_timeout = std::chrono::seconds(120);
    Duration ack_timeout = std::chrono::seconds(2);
    std::string pcap;                            ///< path of a capture; empty: none
    std::optional<BootstrapSettings> bootstrap;  ///< set: a bootstrap server and nothing else
};

/// The LwM2M server without its REST API: the CoAP endpoint and, on its thread, all state. The
/// functions below may be called from any thread.
class Lwm2mServer final : private CoapHandler {
public:
    static Result<std::unique_ptr<Lwm2mServer>> open(const ServerSettings& settings);
    ~Lwm2mServer() override;

    const std::string& address() const { return endpoint_->address(); }
    Duration request_timeout() const { return settings_.request_timeout; }
    EventLog& events() { return events_; }
    const Counters& counters() const { return counters_; }

    /// All registrations, or the one of `endpoint`; null if there is none of that name.
    nlohmann::json clients();
    nlohmann::json client(const std::string& endpoint);

    /// Sends `request` to the client of that name; the answer comes at the latest after the
    /// request's timeout, or at once when the server stops.
    std::future<DeviceAnswer> request(const std::string& endpoint, DeviceRequest request);

    /// Ends the CoAP thread; what waits gets `stopped`. Idempotent.
    void stop();

private:
    explicit Lwm2mServer(ServerSettings settings);

    CoapMessage on_request(const SessionRef& session, const std::string& peer,
                           const CoapMessage& request) override;
    CoapMessage on_bootstrap_request(const SessionRef& session, const std::string& peer,
                                     const CoapMessage& request);
    bool on_response(const std::string& peer, const CoapMessage& response) override;
    void on_refused(const std::string& token, bool reset) override;
    void on_empty_ack(const std::string& peer, std::uint16_t message_id) override;
    unsigned on_request_sent(const std::string& token) override;
    void on_time() override;
    void on_stop() override;
    nlohmann::json ask(std::function<nlohmann::json()> question);

    ServerSettings settings_;
    EventLog events_;
    Counters counters_{};
    Registry registry_;
    Exchanges exchanges_;
    Uplink uplink_;
    std::optional<Bootstrap> bootstrap_;
    AnswerMemory answers_;
    BlockAssembly assembly_;
    std::unique_ptr<CoapEndpoint> endpoint_;
    std::mutex stop_mutex_;
    bool stopped_ = false;  // under stop_mutex_: nothing is posted any more
};

}  // namespace scef::lwm2m_server_simulator
