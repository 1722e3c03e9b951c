#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/client/t8_client.h"
#include "nidd/client/token_meter.h"
#include "nidd/tls/tls_files.h"

namespace scef::nidd {

struct T8ClientOptions {
    std::string api_root;  ///< `http://host:port[/prefix]` or https
    std::string nidd_path = "/3gpp-nidd/v1";
    std::string trigger_path = "/3gpp-device-triggering/v1";
    std::string monitoring_path = "/3gpp-monitoring-event/v1";
    std::string scs_as_id;
    std::size_t connections_max = 1024;  ///< for this client (one a worker)
    Duration connect_timeout = std::chrono::seconds(5);
    Duration request_timeout =
        std::chrono::seconds(60);  ///< a SCEF may hold a POST until the hop acknowledges
    Duration idle_timeout = std::chrono::seconds(30);
    std::size_t response_octets = std::size_t{256} * 1024;
    std::size_t collection_octets =
        std::size_t{64} * 1024 * 1024;  ///< of the list of all configurations
    TlsFiles tls;                       ///< https
    std::string oauth2_token_url, oauth2_client_id, oauth2_client_secret_file;  ///< empty: none
    std::shared_ptr<TokenMeter> token_meter = nullptr;  ///< counts the tokens; may be null
};

/// The HTTP/1.1 client to one SCEF on one worker's `io_context`: a pool of keep-alive connections
/// that grows on demand to `connections_max` and shrinks when idle; no pipelining (RFC 9112 9.3.2),
/// FIFO waiting when all are busy; no redirects (a 307 or 308 to the configured host is followed
/// once), no decompression. A request on a kept-alive connection that the peer had closed before
/// anything was answered is `ambiguous` unless not one octet was written.
Result<std::unique_ptr<T8Client>> make_beast_t8_client(boost::asio::io_context& context,
                                                       T8ClientOptions options);

/// Where the three APIs start on the server: path of the apiRoot and of the API.
struct T8Prefixes {
    std::string nidd;
    std::string trigger;
    std::string monitoring;
};

/// Method, path (TS 29.122 5.3.3, 5.6.3, 5.7.3; percent-encoded) and media type of a call.
struct HttpCall {
    std::string method, target, content_type;
};
HttpCall http_call_of(const T8Request& request, const T8Prefixes& prefixes,
                      const std::string& scs_as_id);

}  // namespace scef::nidd
