#include "nidd/endpoint/http_session.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace scef::nidd {
namespace asio = boost::asio;
namespace {

constexpr Duration linger_deadline = std::chrono::seconds(1);
constexpr std::size_t linger_octets_max = std::size_t{256} * 1024;

/// The handler's one right to answer: the first call counts; dropped unused, it answers 500.
class ReplyTicket {
public:
    explicit ReplyTicket(std::shared_ptr<HttpSession> session) : session_(std::move(session)) {}
    ~ReplyTicket() { redeem(refusal_response({500, "the request was not answered"})); }
    ReplyTicket(const ReplyTicket&) = delete;
    ReplyTicket& operator=(const ReplyTicket&) = delete;

    void redeem(HttpResponse response) {
        if (!used_.exchange(true)) session_->answer(std::move(response));
    }

private:
    std::shared_ptr<HttpSession> session_;
    std::atomic<bool> used_{false};
};

}  // namespace

HttpSession::HttpSession(std::shared_ptr<ListenerCore> core, asio::ip::tcp::socket socket,
                         std::string peer_address)
    : core_(std::move(core)),
      context_(core_->tls),
      socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      peer_address_(std::move(peer_address)) {}

template <typename Use>
void HttpSession::with_stream(Use use) {
    if (tls_) {
        use(*tls_);
    } else {
        use(socket_);
    }
}

template <typename Act>
void HttpSession::on_strand(Act act) {
    asio::post(socket_.get_executor(), [self = shared_from_this(), act] { act(*self); });
}

void HttpSession::start() {
    on_strand([](HttpSession& session) {
        if (session.state_ == State::closed) return;
        ErrorCode ignored;
        session.socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
        if (!session.context_) {
            session.begin_head();
            return;
        }
        session.arm(session.core_->policy.header_deadline);
        session.tls_.emplace(session.socket_, *session.context_);
        session.tls_->async_handshake(asio::ssl::stream_base::server,
                                      [self = session.shared_from_this()](const ErrorCode& error) {
                                          if (self->state_ == State::closed) return;
                                          if (error) {
                                              ++self->core_->refused_connections;
                                              self->close();
                                          } else {
                                              self->begin_head();
                                          }
                                      });
    });
}

void HttpSession::evict() {
    on_strand([](HttpSession& session) {
        session.last_ = true;
        if (session.worth() != Worth::busy) session.close();
    });
}

void HttpSession::wind_down() {
    on_strand([](HttpSession& session) {
        session.last_ = true;
        const bool waiting = session.state_ == State::head && session.buffer_.empty();
        if (waiting || session.state_ == State::handshake) session.close();
        if (session.state_ == State::streaming) session.end_stream();
    });
}

void HttpSession::abort() {
    on_strand([](HttpSession& session) { session.close(); });
}

void HttpSession::answer(HttpResponse response) {
    if (core_->stopped) return;
    on_strand([response = std::move(response)](HttpSession& session) {
        if (session.state_ != State::handling) return;
        session.respond(response, session.keep_alive_);
    });
}

void HttpSession::arm(Duration after) {
    deadline_.expires_after(after);
    deadline_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        const bool due = self->deadline_.expiry() <= std::chrono::steady_clock::now();
        if (!error && due) self->on_deadline();
    });
}

void HttpSession::on_deadline() {
    const bool partial_head = state_ == State::head && !buffer_.empty();
    if (partial_head || state_ == State::body) {
        ++core_->timeouts;
        refuse({408, "the request did not arrive in time"});
        return;
    }
    if (state_ == State::closed || state_ == State::handling) return;
    if (state_ != State::lingering && worth() != Worth::idle) ++core_->timeouts;
    close();
}

void HttpSession::begin_head() {
    state_ = State::head;
    if (!buffer_.empty()) {
        worth_ = Worth::incomplete_head;
        arm(core_->policy.header_deadline);
        consume_head(buffer_);
        return;
    }
    worth_ = served_ == 0 ? Worth::incomplete_head : Worth::idle;
    arm(served_ == 0 ? core_->policy.header_deadline : core_->policy.idle_deadline);
    read_more();
}

void HttpSession::read_more() {
    if (reading_) return;
    reading_ = true;
    with_stream([this](auto& stream) {
        stream.async_read_some(
            asio::buffer(input_),
            [self = shared_from_this()](const ErrorCode& error, std::size_t octets) {
                self->reading_ = false;
                self->on_input(error, octets);
            });
    });
}

void HttpSession::on_input(const ErrorCode& error, std::size_t octets) {
    if (state_ == State::closed || state_ == State::writing) return;
    if (error || state_ == State::streaming) {  // nothing is to be said while it listens
        close();
        return;
    }
    if (state_ == State::lingering) {
        lingered_octets_ += octets;
        if (lingered_octets_ > linger_octets_max) {
            close();
        } else {
            read_more();
        }
        return;
    }
    if (state_ == State::head && buffer_.empty() && served_ > 0) {
        worth_ = Worth::incomplete_head;
        arm(core_->policy.header_deadline);
    }
    const std::string_view fresh(input_.data(), octets);
    buffer_.append(fresh);
    if (state_ == State::head) {
        consume_head(fresh);
    } else {
        consume_body();
    }
}

/// Looks at the head again only when that can tell something new: at a line's end or past a limit.
void HttpSession::consume_head(std::string_view fresh) {
    const HttpPolicy& policy = core_->policy;
    const bool line_ended = fresh.find('\n') != std::string_view::npos;
    const bool too_long =
        buffer_.size() > std::min(policy.header_octets, request_line_octets_max(policy));
    if (!line_ended && !too_long) {
        read_more();
        return;
    }
    auto found = read_head(buffer_, policy);
    if (const auto* refusal = std::get_if<HttpRefusal>(&found)) {
        refuse(*refusal);
    } else if (auto* head = std::get_if<HttpHead>(&found)) {
        begin_body(std::move(*head));
    } else {
        read_more();
    }
}

void HttpSession::begin_body(HttpHead head) {
    worth_ = Worth::busy;
    buffer_.erase(0, head.octets);
    head_ = std::move(head);
    head_only_ = head_.request.method == "HEAD";
    holds_large_ = head_.large;
    if (holds_large_ && core_->large_bodies.fetch_add(1) >= core_->policy.large_bodies) {
        return refuse({503, "too many large bodies at the same time"});
    }
    chunked_.reset();
    if (head_.chunked) chunked_.emplace(core_->policy.body_octets);
    state_ = State::body;
    arm(core_->policy.body_deadline);
    consume_body();
}

void HttpSession::consume_body() {
    std::string& body = head_.request.body;
    bool complete = false;
    if (chunked_) {
        std::string_view input = buffer_;
        const ChunkedBody::State state = chunked_->take(input, body);
        buffer_.erase(0, buffer_.size() - input.size());
        if (state == ChunkedBody::State::refused) {
            refuse(chunked_->refusal());
            return;
        }
        complete = state == ChunkedBody::State::complete;
    } else {
        const std::size_t octets = std::min(buffer_.size(), head_.content_length - body.size());
        body.append(buffer_, 0, octets);
        buffer_.erase(0, octets);
        complete = body.size() == head_.content_length;
    }
    if (complete) {
        dispatch();
    } else {
        read_more();
    }
}

void HttpSession::dispatch() {
    deadline_.cancel();
    state_ = State::handling;
    ++served_;
    ++core_->requests;
    const std::size_t requests_max = core_->policy.requests_per_connection;
    keep_alive_ = head_.keep_alive && (requests_max == 0 || served_ < requests_max);
    head_.request.peer_address = peer_address_;
    const auto ticket = std::make_shared<ReplyTicket>(shared_from_this());
    core_->handler(std::move(head_.request),
                   [ticket](HttpResponse response) { ticket->redeem(std::move(response)); });
}

void HttpSession::refuse(const HttpRefusal& refusal) {
    worth_ = Worth::busy;
    ++core_->rejected_by_policy;
    head_only_ = false;
    buffer_.clear();
    respond(refusal_response(refusal), false);
}

void HttpSession::give_large_back() {
    if (std::exchange(holds_large_, false)) --core_->large_bodies;
}

void HttpSession::respond(const HttpResponse& response, bool keep_alive) {
    give_large_back();
    if (response.stream != nullptr && !head_only_ && !core_->stopping) {
        return begin_stream(response);
    }
    if (response.stream != nullptr) response.stream->on_closed();
    keep_alive_ = keep_alive && !last_ && !core_->stopping;
    state_ = State::writing;
    output_ = write_response(response, head_only_, keep_alive_);
    write_output();
}

void HttpSession::write_output() {
    arm(core_->policy.write_deadline);
    with_stream([this](auto& stream) {
        asio::async_write(stream, asio::buffer(output_),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t) {
                              self->on_written(error);
                          });
    });
}

// ---- A body without an end: head, and then piece after piece

void HttpSession::begin_stream(const HttpResponse& response) {
    keep_alive_ = false;
    state_ = State::streaming;
    stream_ = response.stream;
    output_ = write_stream_head(response);
    write_output();
    read_more();  // tells when the peer goes
}

void HttpSession::ask_stream() {
    if (std::exchange(stream_asked_, true)) return;
    deadline_.cancel();
    stream_->next([self = shared_from_this()](std::string octets) {
        if (self->core_->stopped) return;
        self->on_strand([octets = std::move(octets)](HttpSession& session) {
            session.stream_asked_ = false;
            if (session.state_ == State::streaming && session.stream_) session.on_piece(octets);
        });
    });
}

void HttpSession::on_piece(const std::string& octets) {
    if (octets.empty()) return end_stream();
    output_ = write_chunk(octets);
    write_output();
}

void HttpSession::end_stream() {
    if (stream_ == nullptr) return;
    std::exchange(stream_, nullptr)->on_closed();
    if (!output_.empty()) return;  // what is being written ends it
    output_ = last_chunk;
    write_output();
}

void HttpSession::on_written(const ErrorCode& error) {
    const bool was_last = output_ == last_chunk;
    if (state_ == State::streaming && !error && !was_last) {
        output_.clear();
        if (stream_ != nullptr) return ask_stream();
        output_ = last_chunk;
        return write_output();
    }
    if (state_ != State::writing && state_ != State::streaming) return;
    output_.clear();
    if (error) {
        close();
    } else if (keep_alive_ && !last_ && !core_->stopping) {
        head_ = {};
        begin_head();
    } else {
        linger();
    }
}

/// Ends our direction and swallows what the peer still sends, for a moment: closing with unread
/// octets would reset the connection and could take our answer with it (RFC 9112 9.6).
void HttpSession::linger() {
    state_ = State::lingering;
    arm(linger_deadline);
    if (tls_) {
        tls_->async_shutdown(
            [self = shared_from_this()](const ErrorCode& /*error*/) { self->close(); });
        return;
    }
    ErrorCode ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    read_more();
}

void HttpSession::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    if (stream_ != nullptr) std::exchange(stream_, nullptr)->on_closed();
    give_large_back();
    deadline_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
    core_->registry.remove(this);
}

}  // namespace scef::nidd
