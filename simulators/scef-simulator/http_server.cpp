#include "simulators/scef-simulator/http_server.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "simulators/scef-simulator/elastic_pool.h"
#include "simulators/scef-simulator/http_connection.h"
#include "simulators/scef-simulator/listen_address.h"

namespace scef::scef_simulator {
namespace {

constexpr std::size_t body_bytes_max = 1024 * 1024;
constexpr std::size_t requests_max = 1'000'000'000;
constexpr int backlog = 1024;
constexpr int handshake_max_ms = 5'000;
constexpr int idle_slice_ms = 100;
constexpr std::chrono::minutes idle_max{10};
constexpr std::chrono::seconds hang_max{60};

/// The connection that this thread serves.
thread_local HttpConnection* current_connection = nullptr;

bool has_body_length(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

HttpRequest read(const httplib::Request& request) {
    HttpRequest read;
    read.method = request.method;
    read.path = request.path;
    for (const auto& [name, value] : request.params) read.query.emplace(name, value);
    if (current_connection->has_tls()) read.scheme = "https";
    read.host = request.get_header_value("Host");
    read.authorization = request.get_header_value("Authorization");
    read.content_type = request.get_header_value("Content-Type");
    read.body = request.body;
    return read;
}

}  // namespace

/// Serves each connection by our own stream: the library's polls every 11 ms, sends an answer in
/// two segments and cannot leave a request without answer.
class HttpServer::Listener final : public httplib::Server {
public:
    Listener(HttpHandler handler, unsigned threads_max, Lengths lengths)
        : handler_(std::move(handler)), lengths_(lengths) {
        new_task_queue = [threads_max] { return new ElasticPool(threads_max); };
        set_keep_alive_max_count(requests_max);
        set_keep_alive_timeout(std::chrono::seconds(idle_max).count());
        set_payload_max_length(body_bytes_max);
        set_tcp_nodelay(true);
        // Not the library's default, which is SO_REUSEPORT: a taken port must be an error.
        set_socket_options([this](socket_t socket) {
            const int on = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
            listening_ = socket;
        });
        set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& answer) {
            return answer_without_body(request, answer);
        });
        const Handler any = [this](const httplib::Request& request, httplib::Response& answer) {
            serve(read(request), answer);
        };
        Get(".*", any).Post(".*", any).Put(".*", any).Patch(".*", any);
        Delete(".*", any).Options(".*", any);
        set_error_handler([](const httplib::Request&, httplib::Response& answer) {
            if (!answer.body.empty() || answer.status < 400) return;
            write(problem_answer({answer.status, "", "", {}}), answer);
            // The library refused it while reading: where the next request begins is not known.
            current_connection->end_after_answer();
        });
    }

    Result<std::uint16_t> bind(const std::string& address) {
        const Result<ListenAddress> parsed = parse_listen_address(address);
        if (!parsed) return tl::unexpected(parsed.error());
        const int port = parsed->port == 0                          ? bind_to_any_port(parsed->host)
                         : bind_to_port(parsed->host, parsed->port) ? parsed->port
                                                                    : -1;
        if (port < 0) return fail(Errc::unavailable, "cannot listen on " + address);
        // The library listens with a backlog of 5, too little for a client that opens hundreds.
        ::listen(listening_, backlog);
        return static_cast<std::uint16_t>(port);
    }

    void secure(TlsContext context) { tls_.emplace(std::move(context)); }

    void end() {
        stopping_ = true;
        stop();
    }

private:
    HandlerResponse answer_without_body(const httplib::Request& request,
                                        httplib::Response& answer) {
        if (has_body_length(request)) return HandlerResponse::Unhandled;
        const bool has_body =
            request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
        if (has_body && lengths_ == Lengths::required) {
            write(problem_answer({411, "a Content-Length is required", "", {}}), answer);
            return HandlerResponse::Handled;
        }
        if (request.method != "DELETE" && !has_body) return HandlerResponse::Unhandled;
        // The library would wait for the body until the peer closes.
        serve(read(request), answer);
        return HandlerResponse::Handled;
    }

    void serve(const HttpRequest& request, httplib::Response& answer) {
        const HttpAnswer result = handler_(request);
        write(result, answer);
        if (result.stream) stream(result);
        if (result.trickle.count() != 0) current_connection->trickle(result.trickle);
        switch (result.ending) {
            case HttpAnswer::Ending::answer:
                return;
            case HttpAnswer::Ending::truncated:
                return current_connection->truncate();
            case HttpAnswer::Ending::reset:
                return current_connection->reset();
            case HttpAnswer::Ending::hang:
                hang();
                break;
            case HttpAnswer::Ending::close:
                break;
        }
        current_connection->give_up();
    }

    /// Sends pieces until one of both ends; the library sees nothing of it.
    void stream(const HttpAnswer& result) {
        const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: " + result.content_type +
                                 "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
        HttpConnection& connection = *current_connection;
        connection.write(head.data(), head.size());
        while (!stopping_ && connection.flush() && !connection.is_closed_by_peer()) {
            const std::string piece = result.stream();
            connection.write(piece.data(), piece.size());
        }
        connection.give_up();
    }

    void hang() {
        const auto end = std::chrono::steady_clock::now() + hang_max;
        while (!stopping_ && !current_connection->is_closed_by_peer() &&
               std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(idle_slice_ms));
        }
    }

    static void write(const HttpAnswer& result, httplib::Response& answer) {
        answer.status = result.status;
        for (const auto& [name, value] : result.headers) answer.set_header(name, value);
        if (!result.content_type.empty()) answer.set_content(result.body, result.content_type);
    }

    bool process_and_close_socket(socket_t socket) override {
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        TlsContext::Session session(nullptr, &SSL_free);
        if (tls_) {
            ::fcntl(socket, F_SETFL, O_NONBLOCK);
            session = tls_->accept(socket, handshake_max_ms);
        }
        const bool is_reset = (!tls_ || session) && serve_connection(socket, session.get());
        if (session && !is_reset) SSL_shutdown(session.get());
        if (!is_reset) ::shutdown(socket, SHUT_RDWR);
        ::close(socket);
        return true;
    }

    /// True if the connection is to end by a reset.
    bool serve_connection(socket_t socket, SSL* session) {
        HttpConnection connection(socket, session);
        current_connection = &connection;
        while (wait_for_request(connection)) {
            bool is_closed = false;
            const bool is_served = process_request(connection, false, is_closed, nullptr);
            if (!connection.flush() || !is_served || is_closed || connection.is_last()) break;
        }
        current_connection = nullptr;
        return connection.is_reset();
    }

    bool wait_for_request(const HttpConnection& connection) const {
        const auto end = std::chrono::steady_clock::now() + idle_max;
        while (!stopping_ && std::chrono::steady_clock::now() < end) {
            if (connection.wait(idle_slice_ms)) return true;
        }
        return false;
    }

    HttpHandler handler_;
    Lengths lengths_;
    std::optional<TlsContext> tls_;
    socket_t listening_ = INVALID_SOCKET;
    std::atomic<bool> stopping_{false};
};

HttpServer::HttpServer(HttpHandler handler, unsigned threads_max, Lengths lengths)
    : listener_(std::make_unique<Listener>(std::move(handler), threads_max, lengths)) {}

HttpServer::~HttpServer() { stop(); }

Status HttpServer::secure(const TlsSettings& settings) {
    if (settings.certificate.empty()) return {};
    Result<TlsContext> context = TlsContext::load(settings);
    if (!context) return tl::unexpected(context.error());
    listener_->secure(std::move(*context));
    return {};
}

Result<std::uint16_t> HttpServer::start(const std::string& address) {
    const Result<std::uint16_t> port = listener_->bind(address);
    if (!port) return port;
    thread_ = std::thread([this] { listener_->listen_after_bind(); });
    return port;
}

void HttpServer::stop() {
    if (!thread_.joinable()) return;
    // Stopping a server that does not run yet would be lost.
    while (!listener_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    listener_->end();
    thread_.join();
}

}  // namespace scef::scef_simulator
