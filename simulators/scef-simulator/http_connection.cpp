#include "simulators/scef-simulator/http_connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

namespace scef::scef_simulator {
namespace {

constexpr int io_timeout_ms = 30'000;
constexpr std::size_t read_ahead = 16 * 1024;
constexpr std::size_t held_back_max = 64 * 1024;

bool wait_for(int socket, short events, int milliseconds) {
    pollfd waited{socket, events, 0};
    int ready = 0;
    do {
        ready = ::poll(&waited, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

}  // namespace

bool HttpConnection::wait(int milliseconds) const {
    return taken_ < incoming_.size() || wait_for(socket_, POLLIN, milliseconds);
}

bool HttpConnection::is_closed_by_peer() const {
    char octet = 0;
    return wait_for(socket_, POLLIN, 0) && ::recv(socket_, &octet, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

bool HttpConnection::flush() {
    std::size_t sent = 0;
    while (!is_given_up_ && sent < outgoing_.size()) {
        const ssize_t n = ::send(socket_, outgoing_.data() + sent, outgoing_.size() - sent,
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0) {
            sent += static_cast<std::size_t>(n);
        } else if (errno == EINTR) {
            continue;
        } else if ((errno != EAGAIN && errno != EWOULDBLOCK) ||
                   !wait_for(socket_, POLLOUT, io_timeout_ms)) {
            is_given_up_ = true;
        }
    }
    outgoing_.clear();
    return !is_given_up_;
}

bool HttpConnection::is_readable() const { return !is_given_up_ && wait(io_timeout_ms); }

ssize_t HttpConnection::read(char* octets, std::size_t size) {
    if (is_given_up_) return -1;
    if (taken_ == incoming_.size()) {
        if (!flush() || !wait_for(socket_, POLLIN, io_timeout_ms)) return -1;
        incoming_.resize(read_ahead);
        const ssize_t n = ::recv(socket_, incoming_.data(), incoming_.size(), 0);
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
    if (outgoing_.size() > held_back_max && !flush()) return -1;
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
