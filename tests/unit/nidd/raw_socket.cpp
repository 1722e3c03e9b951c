#include "tests/unit/nidd/raw_socket.h"

#include <cstdlib>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::nidd::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

std::size_t body_octets(std::string_view head) {
    const auto at = head.find("Content-Length: ");
    if (at == std::string_view::npos) return 0;
    return std::strtoul(std::string(head.substr(at + 16)).c_str(), nullptr, 10);
}

int bound_listener(std::uint16_t& port) {
    const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    ::bind(handle, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return handle;
}

}  // namespace

RawSocket RawSocket::connect(std::uint16_t port) {
    RawSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    made.connect_to(port);
    return made;
}

void RawSocket::connect_to(std::uint16_t port) const {
    const sockaddr_in address = loopback(port);
    ::connect(handle_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

RawSocket::~RawSocket() { close(); }

void RawSocket::close() {
    if (handle_ >= 0) {
        ::shutdown(handle_, SHUT_RDWR);  // a duplicate may be open
        ::close(handle_);
    }
    handle_ = -1;
}

bool RawSocket::send(std::string_view octets) {
    while (!octets.empty()) {
        const auto sent = ::send(handle_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawSocket::is_readable(int milliseconds) const {
    pollfd wanted{handle_, POLLIN, 0};
    return ::poll(&wanted, 1, milliseconds) > 0;
}

bool RawSocket::receive() {
    char octets[65536];
    if (!is_readable(10'000)) return false;
    const auto received = ::recv(handle_, octets, sizeof(octets), 0);
    if (received <= 0) return false;
    input_.append(octets, static_cast<std::size_t>(received));
    return true;
}

std::string RawSocket::read_message() {
    while (true) {
        const auto end = input_.find("\r\n\r\n");
        if (end != std::string::npos) {
            const std::size_t whole =
                end + 4 + body_octets(std::string_view(input_).substr(0, end + 2));
            if (input_.size() >= whole) {
                const std::string message = input_.substr(0, whole);
                input_.erase(0, whole);
                return message;
            }
        }
        if (!receive()) return {};
    }
}

std::string RawSocket::read_to_end() {
    while (receive()) {
    }
    return std::move(input_);
}

int status_of(std::string_view message) {
    if (!message.starts_with("HTTP/1.1 ")) return 0;
    return std::atoi(std::string(message.substr(9, 3)).c_str());
}

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
    listener_ = bound_listener(port_);
    ::listen(listener_, 128);
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (const int handle : handles_) {
        ::shutdown(handle, SHUT_RDWR);
        ::close(handle);
    }
    for (std::thread& peer : peers_) peer.join();
    ::close(listener_);
}

void ScriptedServer::accept_all() {
    while (true) {
        const int handle = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (handle < 0) return;
        const std::lock_guard lock(mutex_);
        handles_.push_back(::fcntl(handle, F_DUPFD_CLOEXEC, 0));
        peers_.emplace_back([this, handle, number = peers_.size()] {
            RawSocket peer(handle);
            script_(peer, number);
        });
    }
}

std::size_t ScriptedServer::connections() const {
    const std::lock_guard lock(mutex_);
    return peers_.size();
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

std::string ScriptedServer::take(RawSocket& peer) {
    std::string request = peer.read_message();
    const std::lock_guard lock(mutex_);
    if (!request.empty()) requests_.push_back(request);
    return request;
}

std::string response(int status, const std::string& body, const std::string& fields) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + fields +
           "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

std::uint16_t free_port() {
    std::uint16_t port = 0;
    ::close(bound_listener(port));
    return port;
}

}  // namespace scef::nidd::test
