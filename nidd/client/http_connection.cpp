#include "nidd/client/http_connection.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/tls/tls_context.h"

namespace scef::nidd {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace {

constexpr std::uint32_t header_octets = 16 * 1024;
constexpr unsigned informational_max = 8;
constexpr Duration retry_after_max = std::chrono::hours(1);
constexpr std::size_t write_octets = 64 * 1024;

WallTime wall_now() {
    return WallTime(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
}

std::string to_string(boost::beast::string_view text) { return {text.data(), text.size()}; }

/// The `timeout` that a server announces in Keep-Alive (seconds), if any.
std::optional<Duration> announced_timeout(std::string_view keep_alive) {
    const auto at = keep_alive.find("timeout=");
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view digits = keep_alive.substr(at + 8);
    std::uint16_t seconds = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error != std::errc{}) return std::nullopt;
    return std::chrono::seconds(seconds);
}

}  // namespace

HttpConnection::HttpConnection(asio::io_context& context,
                               std::shared_ptr<const HttpConnectionSettings> settings)
    : settings_(std::move(settings)), resolver_(context), socket_(context), deadline_(context) {}

template <typename Use>
void HttpConnection::with_stream(Use use) {
    if (tls_) {
        use(*tls_);
    } else {
        use(socket_);
    }
}

/// A timer that is due earlier stays: it looks again when it is. So a connection that is used all
/// the time seldom touches its timer.
void HttpConnection::arm(Duration after) {
    due_at_ = std::chrono::steady_clock::now() + after;
    if (deadline_.expiry() > due_at_ || !waits_for_deadline_) wait_for_deadline();
}

void HttpConnection::wait_for_deadline() {
    waits_for_deadline_ = true;
    deadline_.expires_at(due_at_);
    deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (error) return;  // set anew, or closed
        self->waits_for_deadline_ = false;
        if (self->state_ == State::closed) return;
        if (self->due_at_ <= std::chrono::steady_clock::now()) {
            self->on_deadline();
        } else {
            self->wait_for_deadline();
        }
    });
}

void HttpConnection::on_deadline() {
    if (state_ == State::connecting) {
        finish_connecting(fail(Errc::unavailable, "connecting to the SCEF timed out"));
    } else if (state_ == State::busy) {
        finish_broken("the SCEF did not answer in time");
    } else if (state_ == State::idle) {
        const auto closed = on_idle_closed_;
        close();
        if (closed) closed();
    }
}

void HttpConnection::connect(OnConnected on_connected, OnIdleClosed on_idle_closed) {
    on_connected_ = std::move(on_connected);
    on_idle_closed_ = std::move(on_idle_closed);
    arm(settings_->connect_timeout);
    resolver_.async_resolve(
        settings_->server.host, std::to_string(settings_->server.port),
        Tcp::resolver::numeric_service,
        [self = shared_from_this()](const ErrorCode& error, Tcp::resolver::results_type endpoints) {
            self->on_resolved(error, endpoints);
        });
}

void HttpConnection::on_resolved(const ErrorCode& error,
                                 const Tcp::resolver::results_type& endpoints) {
    if (state_ != State::connecting) return;
    if (error) {
        finish_connecting(fail(Errc::unavailable, "the SCEF's name has no address"));
        return;
    }
    asio::async_connect(socket_, endpoints,
                        [self = shared_from_this()](const ErrorCode& failed, const Tcp::endpoint&) {
                            self->on_tcp_connected(failed);
                        });
}

void HttpConnection::on_tcp_connected(const ErrorCode& error) {
    if (state_ != State::connecting) return;
    if (error) {
        finish_connecting(fail(Errc::unavailable, "no connection to the SCEF: " + error.message()));
        return;
    }
    ErrorCode ignored;
    socket_.set_option(Tcp::no_delay(true), ignored);
    if (!settings_->server.tls) {
        on_ready({});
        return;
    }
    const std::string& host = settings_->server.host;
    tls_.emplace(socket_, *settings_->tls);
    tls_->set_verify_callback(asio::ssl::host_name_verification(host), ignored);
    asio::ip::make_address(host, ignored);
    if (ignored) {  // a name, no address: the server may need it to choose its certificate
        SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
    }
    tls_->async_handshake(
        asio::ssl::stream_base::client,
        [self = shared_from_this()](const ErrorCode& failed) { self->on_ready(failed); });
}

void HttpConnection::on_ready(const ErrorCode& error) {
    if (state_ != State::connecting) return;
    if (error) {
        const std::string found = verification_error(tls_->native_handle());
        finish_connecting(fail(Errc::unavailable, "no TLS with the SCEF: " + error.message() +
                                                      (found.empty() ? "" : ": " + found)));
        return;
    }
    keep_alive_ = settings_->idle_timeout;
    become_idle();
    read_more();
    finish_connecting({});
}

void HttpConnection::finish_connecting(Status status) {
    const OnConnected connected = std::exchange(on_connected_, nullptr);
    if (!status) close();
    if (connected) connected(std::move(status));
}

void HttpConnection::become_idle() {
    state_ = State::idle;
    arm(keep_alive_);
}

HttpConnection::Readiness HttpConnection::readiness() {
    if (state_ != State::idle) return Readiness::ended;
    char octet = 0;
    const auto received = ::recv(socket_.native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Readiness::ready;
    return received > 0 && tls_ ? Readiness::unread : Readiness::ended;
}

void HttpConnection::close() {
    state_ = State::closed;
    on_connected_ = nullptr;
    on_idle_closed_ = nullptr;
    on_ending_ = nullptr;
    deadline_.cancel();
    resolver_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
}

void HttpConnection::renew_parser() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(header_octets);
    parser_->body_limit(response_octets_);
}

void HttpConnection::send(std::shared_ptr<const std::string> request, std::size_t response_octets,
                          OnEnding on_ending) {
    state_ = State::busy;
    response_octets_ = response_octets;
    request_ = std::move(request);
    on_ending_ = std::move(on_ending);
    written_ = 0;
    writing_ = true;
    informational_ = 0;
    renew_parser();
    arm(settings_->request_timeout);
    with_stream([this](auto& stream) {
        const auto self = shared_from_this();
        const auto count = [self](const ErrorCode& error, std::size_t octets) -> std::size_t {
            self->written_ = octets;
            return error ? 0 : write_octets;
        };
        asio::async_write(stream, asio::buffer(*request_), count,
                          [self, kept = request_](const ErrorCode& error, std::size_t octets) {
                              self->written_ = octets;
                              self->on_written(error);
                          });
    });
}

void HttpConnection::on_written(const ErrorCode& error) {
    writing_ = false;
    if (state_ != State::busy) return;
    if (read_failure_) {
        finish_broken(*read_failure_);
    } else if (error && written_ == 0) {
        finish_broken("the connection was closed: " + error.message());
    }
    // After a partial write an early answer may still arrive; the read or the deadline ends it.
}

void HttpConnection::read_more() {
    with_stream([this](auto& stream) {
        stream.async_read_some(
            asio::buffer(input_),
            [self = shared_from_this()](const ErrorCode& error, std::size_t octets) {
                self->on_input(error, octets);
            });
    });
}

void HttpConnection::on_input(const ErrorCode& error, std::size_t octets) {
    if (state_ == State::idle) {
        const auto closed = on_idle_closed_;
        close();
        if (closed) closed();
        return;
    }
    if (state_ != State::busy) return;
    if (error) {
        on_read_failed(error);
        return;
    }
    unread_.append(input_.data(), octets);
    consume();
}

void HttpConnection::on_read_failed(const ErrorCode& error) {
    if (error == asio::error::eof && parser_->got_some() && parser_->is_header_done()) {
        ErrorCode incomplete;
        parser_->put_eof(incomplete);
        if (!incomplete && parser_->is_done()) {
            finish_answered();
            return;
        }
    }
    const std::string sentence = "the SCEF closed the connection: " + error.message();
    if (!writing_) {
        finish_broken(sentence);
        return;
    }
    read_failure_ = sentence;
    ErrorCode ignored;
    socket_.close(ignored);
}

void HttpConnection::consume() {
    while (!unread_.empty()) {
        ErrorCode error;
        const std::size_t used = parser_->put(asio::buffer(unread_), error);
        unread_.erase(0, used);
        if (error == http::error::need_more) break;
        if (error) {
            finish_broken("the SCEF's response cannot be read: " + error.message());
            return;
        }
        if (!parser_->is_done()) {
            if (used == 0) break;
            continue;
        }
        const unsigned status = parser_->get().result_int();
        if (status >= 200) {
            finish_answered();
            return;
        }
        if (status == 101 || ++informational_ > informational_max) {
            finish_broken("the SCEF's response cannot be read: unexpected interim responses");
            return;
        }
        renew_parser();
    }
    read_more();
}

void HttpConnection::finish_answered() {
    const bool complete = !writing_ && written_ == request_->size();
    const bool delimited = !parser_->need_eof();
    const auto& response = parser_->get();
    Ending ending;
    ending.answer.transport = T8Answer::Transport::answered;
    ending.answer.status = static_cast<int>(response.result_int());
    ending.answer.location = to_string(response[http::field::location]);
    ending.answer.body = response.body();
    if (const auto date = from_http_date(to_string(response[http::field::date]))) {
        ending.answer.date = *date;
    }
    const std::string retry_after = to_string(response[http::field::retry_after]);
    if (!retry_after.empty()) {
        if (const auto wait = parse_retry_after(retry_after, wall_now())) {
            ending.answer.retry_after = std::min(*wait, retry_after_max);
        }
    }
    const bool reusable = complete && delimited && response.keep_alive() && unread_.empty();
    const auto announced = announced_timeout(to_string(response[http::field::keep_alive]));
    const OnEnding on_ending = std::exchange(on_ending_, nullptr);
    parser_.reset();
    request_.reset();
    // A server closes at the time it announced; the margin keeps requests out of that race.
    if (announced) {
        keep_alive_ = std::min<Duration>(
            keep_alive_, *announced - std::min<Duration>(*announced / 2, std::chrono::seconds(1)));
    }
    if (reusable && keep_alive_ > Duration::zero()) {
        become_idle();
        read_more();
    } else {
        close();
    }
    if (on_ending) on_ending(std::move(ending));
}

void HttpConnection::finish_broken(std::string error) {
    Ending ending;
    ending.unwritten = !writing_ && written_ == 0;
    ending.answer.transport =
        ending.unwritten ? T8Answer::Transport::not_sent : T8Answer::Transport::ambiguous;
    ending.answer.error = std::move(error);
    const OnEnding on_ending = std::exchange(on_ending_, nullptr);
    close();
    if (on_ending) on_ending(std::move(ending));
}

}  // namespace scef::nidd
