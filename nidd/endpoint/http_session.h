#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>

#include "nidd/endpoint/http_listener.h"
#include "nidd/endpoint/http_policy.h"
#include "nidd/endpoint/session_registry.h"

namespace scef::nidd {

/// What the connections of one listener share. They hold it, so an answer that comes after the
/// listener's end finds everything it touches.
struct ListenerCore {
    ListenerCore(const HttpPolicy& limits, HttpHandler handle)
        : policy(limits),
          handler(std::move(handle)),
          registry(limits.connections, limits.connections_per_peer) {}

    boost::asio::io_context context;
    const HttpPolicy policy;
    const HttpHandler handler;
    /// Of the next connection; read and replaced on the strand that accepts.
    std::shared_ptr<boost::asio::ssl::context> tls;
    SessionRegistry registry;
    std::atomic<bool> stopping{false};
    std::atomic<bool> stopped{false};
    std::atomic<std::size_t> large_bodies{0};  ///< that are read or handled now
    std::atomic<std::uint64_t> connections{0}, requests{0}, rejected_by_policy{0}, timeouts{0},
        refused_connections{0};
};

/// One connection of a listener: head, body, handler, response, and again. Works on the strand of
/// its socket; one request at a time, pipelined ones wait in its buffer.
class HttpSession final : public CappedSession, public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(std::shared_ptr<ListenerCore> core, boost::asio::ip::tcp::socket socket,
                std::string peer_address);

    void start();
    void evict() override;
    void wind_down() override;
    void abort() override;
    /// Answers the request that the handler has. Any thread.
    void answer(HttpResponse response);

private:
    enum class State { handshake, head, body, handling, writing, streaming, lingering, closed };
    using ErrorCode = boost::system::error_code;

    template <typename Use>
    void with_stream(Use use);
    template <typename Act>
    void on_strand(Act act);
    void arm(Duration after);
    void on_deadline();
    void begin_head();
    void read_more();
    void on_input(const ErrorCode& error, std::size_t octets);
    void consume_head(std::string_view fresh);
    void begin_body(HttpHead head);
    void consume_body();
    void dispatch();
    void refuse(const HttpRefusal& refusal);
    void respond(const HttpResponse& response, bool keep_alive);
    void write_output();
    void on_written(const ErrorCode& error);
    void begin_stream(const HttpResponse& response);
    void ask_stream();
    void on_piece(const std::string& octets);
    void end_stream();
    void linger();
    void give_large_back();
    void close();

    const std::shared_ptr<ListenerCore> core_;
    const std::shared_ptr<boost::asio::ssl::context> context_;  ///< outlives `tls_`
    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    boost::asio::steady_timer deadline_;
    const std::string peer_address_;
    State state_ = State::handshake;
    bool reading_ = false;
    bool last_ = false;  ///< no further request after this one
    bool keep_alive_ = true;
    std::size_t served_ = 0;
    std::size_t lingered_octets_ = 0;
    std::array<char, 4096> input_{};
    std::string buffer_;
    HttpHead head_;
    std::optional<ChunkedBody> chunked_;
    bool head_only_ = false;
    bool holds_large_ = false;  ///< one of `HttpPolicy::large_bodies`
    std::string output_;
    std::shared_ptr<HttpStream> stream_;  ///< until its body ends
    bool stream_asked_ = false;
};

}  // namespace scef::nidd
