#include "simulators/scef-simulator/modem_socket.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lwm2m-core/vocabulary/external_id.h"
#include "simulators/scef-simulator/listen_address.h"

namespace scef::scef_simulator {
namespace {

constexpr int poll_slice_ms = 100;
constexpr int receive_buffer = 8 * 1024 * 1024;

sockaddr* plain(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }
const sockaddr* plain(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

/// The key under which the model knows a modem.
std::string canonical(const std::string& text) {
    const Result<ExternalId> id = ExternalId::parse(text);
    return id ? id->text() : text;
}

}  // namespace

ModemSocket::~ModemSocket() { stop(); }

Result<std::uint16_t> ModemSocket::start(const std::string& address) {
    const Result<ListenAddress> parsed = parse_listen_address(address);
    if (!parsed) return tl::unexpected(parsed.error());
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_port = htons(parsed->port);
    const std::string host = parsed->host == "localhost" ? "127.0.0.1" : parsed->host;
    if (::inet_pton(AF_INET, host.c_str(), &own.sin_addr) != 1) {
        return fail(Errc::invalid_argument, "not an IPv4 address: " + address);
    }
    socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    socklen_t length = sizeof own;
    if (::bind(socket_, plain(own), sizeof own) != 0 ||
        ::getsockname(socket_, plain(own), &length) != 0) {
        const std::string why = std::strerror(errno);
        ::close(std::exchange(socket_, -1));
        return fail(Errc::unavailable, "cannot listen on " + address + ": " + why);
    }
    receiver_ = std::thread([this] { receive(); });
    sender_ = std::thread([this] { transmit(); });
    return ntohs(own.sin_port);
}

void ModemSocket::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake_.notify_all();
    if (receiver_.joinable()) receiver_.join();
    if (sender_.joinable()) sender_.join();
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void ModemSocket::send(modem_link::Frame frame) {
    {
        const std::lock_guard lock(mutex_);
        outgoing_.push_back(std::move(frame));
    }
    wake_.notify_one();
}

void ModemSocket::receive() {
    std::string datagram;
    while (!stopped_) {
        pollfd waited{socket_, POLLIN, 0};
        if (::poll(&waited, 1, poll_slice_ms) <= 0) continue;
        datagram.resize(65'536);
        sockaddr_in peer{};
        socklen_t length = sizeof peer;
        const ssize_t octets =
            ::recvfrom(socket_, datagram.data(), datagram.size(), 0, plain(peer), &length);
        if (octets < 0) continue;
        const Result<modem_link::Frame> frame =
            modem_link::parse({datagram.data(), static_cast<std::size_t>(octets)});
        if (!frame) {
            malformed_ += 1;
            spdlog::warn("MODEM_LINK_MALFORMED reason=\"{}\"", frame.error().message);
            continue;
        }
        remember(frame->external_id, peer);
        received_(*frame);
    }
}

void ModemSocket::remember(const std::string& external_id, const sockaddr_in& peer) {
    const std::string key = canonical(external_id);
    const std::lock_guard lock(mutex_);
    peers_[key] = peer;
}

void ModemSocket::transmit() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopped_ || !outgoing_.empty(); });
        if (outgoing_.empty()) return;
        const modem_link::Frame frame = std::move(outgoing_.front());
        outgoing_.pop_front();
        const auto peer = peers_.find(frame.external_id);
        if (peer == peers_.end()) continue;
        const sockaddr_in destination = peer->second;
        lock.unlock();
        const std::string datagram = modem_link::serialize(frame);
        // What does not go is repeated by the link, or was a hint only.
        ::sendto(socket_, datagram.data(), datagram.size(), 0, plain(destination),
                 sizeof destination);
        lock.lock();
    }
}

}  // namespace scef::scef_simulator
