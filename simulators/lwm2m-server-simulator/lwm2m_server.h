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
#include "simulators/lwm2m-server-simulator/firmware_update.h"
#include "simulators/lwm2m-server-simulator/queue_mode.h"
#include "simulators/lwm2m-server-simulator/uplink.h"

namespace scef::lwm2m_server_simulator {

struct ServerSettings {
    HostPort listen{"127.0.0.1", 5683};
    Duration request_timeout = std::chrono::seconds(120);
    Duration ack_timeout = std::chrono::seconds(2);
    std::string pcap;  ///< path of a capture; empty: none
    QueueModeSettings queue_mode;
    std::string files;      ///< folder that clients may fetch files from; empty: none
    std::string firmware;   ///< a single file that they may fetch; empty: none
    std::string files_uri;  ///< where clients reach this server; empty: its listening address
    std::optional<BootstrapConfig> bootstrap;  ///< set: a bootstrap server and nothing else
    BootstrapDefaults bootstrap_defaults;      ///< for plans that come with a call
};

/// The LwM2M server without its REST API: the CoAP endpoint and, on its thread, all state. The
/// functions below may be called from any thread.
class Lwm2mServer final : private CoapHandler,
                          private ExchangeListener,
                          private RegistrationListener {
public:
    static Result<std::unique_ptr<Lwm2mServer>> open(const ServerSettings& settings);
    ~Lwm2mServer() override;

    const std::string& address() const { return endpoint_->address(); }
    Duration request_timeout() const { return settings_.request_timeout; }
    ServerRole role() const { return bootstrap_ ? ServerRole::bootstrap : ServerRole::management; }
    EventLog& events() { return events_; }
    const Counters& counters() const { return counters_; }

    /// All clients, or the one of `endpoint`; null if there is none of that name. Of a bootstrap
    /// server these are the clients that asked it.
    nlohmann::json clients();
    nlohmann::json client(const std::string& endpoint);
    /// What is observed at that client; null if there is none of that name.
    nlohmann::json observations(const std::string& endpoint);
    /// The files that clients may fetch, with their URIs.
    nlohmann::json files();

    /// Sends `request` to the client of that name; the answer comes at the latest after the
    /// request's timeout (and its hold time, in queue mode), or at once when the server stops.
    std::future<DeviceAnswer> request(const std::string& endpoint, DeviceRequest request);

    /// Starts a firmware update as the body of the call says; its state then, or why not.
    Result<nlohmann::json> start_firmware(const std::string& endpoint, const nlohmann::json& body);
    /// The state of the last one; null if there was none.
    nlohmann::json firmware(const std::string& endpoint);

    /// Runs the plan of a client once more, or the one that `body` describes.
    Result<nlohmann::json> start_bootstrap(const std::string& endpoint, const nlohmann::json& body);

    /// Ends the CoAP thread; what waits gets `stopped`. Idempotent.
    void stop();

private:
    Lwm2mServer(ServerSettings settings, FileStore files);

    CoapMessage on_request(const SessionRef& session, const std::string& peer,
                           const CoapMessage& request) override;
    CoapMessage answer_to(const SessionRef& session, const std::string& peer,
                          const CoapMessage& request);
    bool on_response(const std::string& peer, const CoapMessage& response) override;
    void on_refused(const std::string& token, bool reset) override;
    void on_empty_ack(const std::string& peer, std::uint16_t message_id) override;
    unsigned on_request_sent(const std::string& token) override;
    void on_time() override;
    void on_stop() override;

    void on_heard(const std::string& endpoint) override;
    void on_silent(const std::string& endpoint) override;
    void on_notified(const std::string& endpoint, const std::string& path,
                     const nlohmann::json& payload) override;

    void on_registered(const Registration& registration) override;
    void on_updated(const Registration& registration) override;
    void on_sent(const Registration& registration) override;
    void on_gone(const std::string& endpoint) override;

    void on_block(const std::string& peer, const ServedBlock& block);
    void is_there(const std::string& endpoint);
    std::optional<Device> find_device(const std::string& endpoint);
    void send(const std::string& endpoint, DeviceRequest request, Exchanges::Done done);
    nlohmann::json describe(const Registration& registration) const;
    std::string files_uri() const;
    /// Runs `question` on the CoAP thread; `none` when the server stops.
    template <typename Answer>
    Answer ask(std::function<Answer()> question, Answer none);

    ServerSettings settings_;
    EventLog events_;
    Counters counters_{};
    Registry registry_;
    Exchanges exchanges_;
    Uplink uplink_;
    QueueMode queue_;
    FileService file_service_;
    FirmwareUpdates firmware_;
    std::optional<Bootstrap> bootstrap_;
    AnswerMemory answers_;
    BlockAssembly assembly_;
    std::unique_ptr<CoapEndpoint> endpoint_;
    std::mutex stop_mutex_;
    bool stopped_ = false;  // under stop_mutex_: nothing is posted any more
};

}  // namespace scef::lwm2m_server_simulator
