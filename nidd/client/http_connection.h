#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/client/api_root.h"
#include "nidd/types/t8_exchange.h"

namespace scef::nidd {

/// What all connections of one pool share; outlives them.
struct HttpConnectionSettings {
    ApiRoot server;
    Duration connect_timeout{};
    Duration request_timeout{};
    Duration idle_timeout{};
    std::shared_ptr<boost::asio::ssl::context> tls;  ///< set if the server is `https`
};

/// One connection to an HTTP/1.1 server, one request at a time (RFC 9112 9.3). It always reads, so
/// it notices at once when the server closes it between two requests. All deadlines are its own
/// timer's. Belongs to the thread of its `io_context`. After `close` no callback of it is called
/// any more.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
public:
    struct Ending {
        T8Answer answer;
        bool unwritten = false;  ///< not one octet of the request left: it may go out elsewhere
    };
    using OnConnected = std::function<void(Status)>;
    using OnEnding = std::function<void(Ending)>;
    using OnIdleClosed = std::function<void()>;

    HttpConnection(boost::asio::io_context& context,
                   std::shared_ptr<const HttpConnectionSettings> settings);

    /// Resolves, connects and shakes hands within `connect_timeout`.
    void connect(OnConnected on_connected, OnIdleClosed on_idle_closed);
    /// Writes a whole request and reads a response whose body is at most `response_octets`. Only
    /// when idle.
    void send(std::shared_ptr<const std::string> request, std::size_t response_octets,
              OnEnding on_ending);
    void close();

    bool is_idle() const { return state_ == State::idle; }
    /// What the kernel already knows of an idle connection, before its read has told.
    enum class Readiness : std::uint8_t {
        ready,
        unread,  ///< TLS records came: a session ticket (RFC 8446 4.6.1) or an end, to be read
                 ///< first
        ended,   ///< the server closed it, or sent what nobody asked for
    };
    Readiness readiness();

private:
    enum class State { connecting, idle, busy, closed };
    using ErrorCode = boost::system::error_code;
    using Tcp = boost::asio::ip::tcp;
    using ResponseParser = boost::beast::http::response_parser<boost::beast::http::string_body>;

    template <typename Use>
    void with_stream(Use use);
    void arm(Duration after);
    void wait_for_deadline();
    void on_deadline();
    void on_resolved(const ErrorCode& error, const Tcp::resolver::results_type& endpoints);
    void on_tcp_connected(const ErrorCode& error);
    void on_ready(const ErrorCode& error);
    void finish_connecting(Status status);
    void read_more();
    void on_input(const ErrorCode& error, std::size_t octets);
    void on_read_failed(const ErrorCode& error);
    void consume();
    void renew_parser();
    void on_written(const ErrorCode& error);
    void finish_answered();
    void finish_broken(std::string error);
    void become_idle();

    std::shared_ptr<const HttpConnectionSettings> settings_;
    Tcp::resolver resolver_;
    Tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<Tcp::socket&>> tls_;
    boost::asio::steady_timer deadline_;
    std::chrono::steady_clock::time_point due_at_;
    bool waits_for_deadline_ = false;  ///< for `due_at_`, or an earlier moment that it looks at
    State state_ = State::connecting;
    OnConnected on_connected_;
    OnIdleClosed on_idle_closed_;
    OnEnding on_ending_;
    std::shared_ptr<const std::string> request_;
    std::size_t response_octets_ = 0;
    std::size_t written_ = 0;
    bool writing_ = false;
    std::optional<std::string> read_failure_;  ///< known while the write has not come back
    std::array<char, 4096> input_{};
    std::string unread_;
    std::optional<ResponseParser> parser_;
    unsigned informational_ = 0;
    Duration keep_alive_{};
};

}  // namespace scef::nidd
