#include "simulators/scef-simulator/http_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <thread>

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

namespace scef::scef_simulator {
namespace {

constexpr int io_timeout_ms = 30'000;
constexpr std::size_t read_ahead = 16 * 1024;
constexpr std::size_t held_back_max = 64 * 1024;
constexpr std::size_t trickle_pieces = 20;

bool wait_for(int socket, short events, int milliseconds) {
    pollfd waited{socket, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&waited, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

int tls_size(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

/// What a TLS call that did not succeed waits for; 0: it failed for good.
short wanted_after(SSL* session, int done) {
    const int error = SSL_get_error(session, done);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ) return POLLIN;
    return error == SSL_ERROR_WANT_WRITE ? POLLOUT : short{0};
}

}  // namespace

bool HttpConnection::wait(int milliseconds) const {
    if (taken_ < incoming_.size()) return true;
    if (session_ != nullptr && SSL_pending(session_) > 0) return true;
    return wait_for(socket_, POLLIN, milliseconds);
}

void HttpConnection::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    is_reset_ = true;
    give_up();
}

bool HttpConnection::is_closed_by_peer() const {
    if (!wait_for(socket_, POLLIN, 0)) return false;
    char octet = 0;
    if (session_ == nullptr) return ::recv(socket_, &octet, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    const int peeked = SSL_peek(session_, &octet, 1);
    return peeked <= 0 && wanted_after(session_, peeked) == 0;
}

bool HttpConnection::flush() {
    if (is_truncated_ && !outgoing_.empty()) {
        const std::size_t body = std::min(outgoing_.find("\r\n\r\n"), outgoing_.size() - 4) + 4;
        outgoing_.resize(body + (outgoing_.size() - body) / 2);
    }
    const bool is_sent = trickle_.count() == 0 ? send(outgoing_) : send_slowly();
    trickle_ = std::chrono::milliseconds(0);
    if (!is_sent || is_truncated_) is_given_up_ = true;
    outgoing_.clear();
    return !is_given_up_;
}

bool HttpConnection::send_slowly() {
    const std::size_t piece = std::max<std::size_t>(1, outgoing_.size() / trickle_pieces);
    const std::chrono::milliseconds pause = trickle_ / trickle_pieces;
    for (std::string_view rest = outgoing_; !rest.empty();) {
        const std::string_view next = rest.substr(0, piece);
        if (!send(next)) return false;
        rest.remove_prefix(next.size());
        std::this_thread::sleep_for(pause);
    }
    return true;
}

bool HttpConnection::send(std::string_view octets) {
    while (!is_given_up_ && !octets.empty()) {
        short wanted = 0;
        const ssize_t sent = send_some(octets, wanted);
        if (sent > 0) {
            octets.remove_prefix(static_cast<std::size_t>(sent));
        } else if (wanted == 0 || !wait_for(socket_, wanted, io_timeout_ms)) {
            return false;
        }
    }
    return !is_given_up_;
}

/// `wanted` is what to wait for if nothing could be sent, 0 if nothing can be any more.
ssize_t HttpConnection::send_some(std::string_view octets, short& wanted) {
    if (session_ != nullptr) {
        const int sent = SSL_write(session_, octets.data(), tls_size(octets.size()));
        if (sent <= 0) wanted = wanted_after(session_, sent);
        return sent;
    }
    const ssize_t sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) wanted = POLLOUT;
    return sent;
}

bool HttpConnection::is_readable() const { return !is_given_up_ && wait(io_timeout_ms); }

ssize_t HttpConnection::receive(char* octets, std::size_t size) {
    if (session_ == nullptr) {
        if (!wait_for(socket_, POLLIN, io_timeout_ms)) return -1;
        return ::recv(socket_, octets, size, 0);
    }
    for (;;) {
        const int received = SSL_read(session_, octets, tls_size(size));
        if (received > 0) return received;
        const short wanted = wanted_after(session_, received);
        if (wanted == 0 || !wait_for(socket_, wanted, io_timeout_ms)) return -1;
    }
}

ssize_t HttpConnection::read(char* octets, std::size_t size) {
    if (is_given_up_) return -1;
    if (taken_ == incoming_.size()) {
        if (!flush()) return -1;
        incoming_.resize(read_ahead);
        const ssize_t n = receive(incoming_.data(), incoming_.size());
        incoming_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        taken_ = 0;
        if (n <= 0) return n;
    }
    const std::size_t given = std::min(size, incoming_.size() - taken_);
    std::memcpy(octets, incoming_.data() + taken_, given);
    taken_ += given;
    return static_cast<ssize_t>(given);
}

ssize_t HttpConnection::write(const char* octets, std::size_t size) {
    if (is_given_up_) return -1;
    outgoing_.append(octets, size);
    const bool is_spoiled = is_truncated_ || trickle_.count() != 0;
    if (!is_spoiled && outgoing_.size() > held_back_max && !flush()) return -1;
    return static_cast<ssize_t>(size);
}

void HttpConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

void HttpConnection::get_local_ip_and_port(std::string& ip, int& port) const {
    ip.clear();
    port = 0;
}

}  // namespace scef::scef_simulator
