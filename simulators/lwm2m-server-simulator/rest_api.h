#pragma once

#include <memory>
#include <thread>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/lwm2m-server-simulator/host_port.h"
#include "simulators/lwm2m-server-simulator/lwm2m_server.h"

namespace scef::lwm2m_server_simulator {

/// The HTTP side: `/clients`, their operations, `/events`, `/counters`, as README.md lists them.
/// One thread a connection; a call that waits for a device holds its connection and nothing else.
class RestApi {
public:
    /// Opens the socket and starts to serve. `server` outlives it.
    static Result<std::unique_ptr<RestApi>> open(const HostPort& listen, Lwm2mServer& server);
    ~RestApi();
    RestApi(const RestApi&) = delete;
    RestApi& operator=(const RestApi&) = delete;

    /// Where it listens, with the real port.
    const std::string& address() const { return address_; }

    /// Ends all calls and streams. The server must be stopped before, so that nothing waits.
    void stop();

private:
    explicit RestApi(Lwm2mServer& server) : server_(server) {}

    void add_routes();
    void add_client_routes();
    void operate(const std::string& endpoint, const std::string& operation,
                 const nlohmann::json& body, httplib::Response& response);
    void tell_events(const std::string& endpoint, const httplib::Request& request,
                     httplib::Response& response);
    void stream_events(EventFilter filter, std::uint64_t since, httplib::Response& response);

    Lwm2mServer& server_;
    httplib::Server http_;
    std::string address_;
    std::thread thread_;
};

}  // namespace scef::lwm2m_server_simulator
