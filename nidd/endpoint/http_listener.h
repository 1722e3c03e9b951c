#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/tls/tls_files.h"

namespace scef::nidd {

struct HttpRequest;

/// Limits that every HTTP listener of the adapter obeys (docs/configuration.md, "Limits").
struct HttpPolicy {
    std::size_t header_octets = 8192;
    std::size_t body_octets = std::size_t{64} * 1024;
    std::size_t target_octets = 2048;
    std::size_t fields = 64;
    Duration header_deadline = std::chrono::seconds(5);
    Duration body_deadline = std::chrono::seconds(10);
    Duration write_deadline = std::chrono::seconds(10);
    Duration idle_deadline = std::chrono::seconds(30);
    std::size_t requests_per_connection = 0;  ///< 0: unlimited
    std::size_t connections = 1024;
    std::size_t connections_per_peer = 256;

    /// Larger bodies for a few requests. Asked with the head, before the body is read; must not
    /// block. Empty: none. At most `large_bodies` are held at a time, more get 503.
    std::function<bool(const HttpRequest&)> takes_large_body;
    std::size_t large_body_octets = 0;
    std::size_t large_bodies = 4;
};

/// A request that passed the policy: method and path are well-formed, the body is complete.
struct HttpRequest {
    std::string method;  ///< upper case
    std::string
        path;  ///< percent-encoding undone per segment is the handler's; as sent, without query
    std::string query;  ///< without `?`
    std::map<std::string, std::string, std::less<>>
        headers;  ///< names in lower case; trailers never enter
    std::string body;
    std::string peer_address;
};

/// A body that is made while it is sent, and may have no end. Asked for one piece after the other:
/// the next one only when the one before went out, so that a slow reader makes nothing pile up.
class HttpStream {
public:
    virtual ~HttpStream() = default;

    /// Calls `take` once with octets to send, from any thread and whenever there are some; an empty
    /// text ends the body.
    using Take = std::function<void(std::string)>;
    virtual void next(Take take) = 0;
    /// The connection is gone: nothing more will be asked for, and what `next` got is let go.
    virtual void on_closed() = 0;
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<HttpStream> stream{};  ///< instead of `body`; the connection ends with it
};

/// Answers one request, once, from any thread.
using HttpReply = std::function<void(HttpResponse)>;

/// Called on a listener thread for each request; must not block.
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

/// One hardened HTTP/1.1 server (RFC 9112): what is ambiguous is refused with 400 and the
/// connection closed; slow headers, bodies and readers are cut; no decompression; only identity or
/// exactly `chunked`; per-peer and total connection caps.
class HttpListener {
public:
    struct Options {
        std::string address;  ///< `127.0.0.1:8080`; port 0 picks one
        HttpPolicy policy;
        TlsFiles tls;  ///< without a certificate plain; with `ca` a client must show one too
        std::vector<std::string> sources;  ///< CIDRs that may connect; empty: any
        unsigned threads = 1;
    };

    /// Binds and starts to serve; an error is one sentence fit for a person at start-up.
    static Result<std::unique_ptr<HttpListener>> start(Options options, HttpHandler handler);

    virtual ~HttpListener() = default;
    virtual std::uint16_t port() const = 0;
    /// Reads certificates and sources anew; the error is one sentence. What this returns puts them
    /// to use, from any thread, once: for connections that are made from then on. Those that are
    /// open go on as they are. A listener stays plain, or with TLS.
    virtual Result<std::function<void()>> prepare(const TlsFiles& tls,
                                                  const std::vector<std::string>& sources) = 0;
    /// Stops accepting, answers what is in progress for at most `grace`, then closes. Blocks.
    virtual void stop(Duration grace) = 0;

    /// Counters since start, safe to read from any thread.
    struct Counters {
        std::uint64_t connections = 0, requests = 0, rejected_by_policy = 0, timeouts = 0,
                      refused_connections = 0;
    };
    virtual Counters counters() const = 0;
};

}  // namespace scef::nidd
