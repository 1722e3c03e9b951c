#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "lwm2m-core/vocabulary/result.h"
#include "simulators/scef-simulator/http_message.h"
#include "simulators/scef-simulator/tls_context.h"

namespace scef::scef_simulator {

/// An HTTP/1.1 listener, over TLS if asked: keep-alive without limit of requests, one thread a
/// connection, bodies of at most 1 MiB. The handler is called by many threads at once and may
/// block.
class HttpServer {
public:
    /// What a POST, PUT or PATCH without any Content-Length is: refused by 411, or an empty body.
    enum class Lengths : std::uint8_t { required, optional };

    HttpServer(HttpHandler handler, unsigned threads_max, Lengths lengths = Lengths::required);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Speaks TLS, if a certificate is given. Before `start`.
    Status secure(const TlsSettings& settings);

    /// Listens on `host:port`, port 0 for any, and answers the port. `unavailable` if it is taken.
    Result<std::uint16_t> start(const std::string& address);

    /// Ends when every request that is being served has its answer. Idempotent.
    void stop();

private:
    class Listener;
    std::unique_ptr<Listener> listener_;
    std::thread thread_;
};

}  // namespace scef::scef_simulator
