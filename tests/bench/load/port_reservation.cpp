#include "tests/bench/load/port_reservation.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

namespace scef::bench {
namespace {

// As in scripts/play/ports.py.
constexpr std::uint16_t single_first = 10'000, single_end = 15'000;
constexpr std::uint16_t blocks_first = 16'000, blocks_end = 32'000, block = 512;

/// An open lock file, or -1 if another process has the name.
int reserve(const std::string& name) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("scef-ports-" + std::to_string(::getuid()));
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const int lock = ::open((folder / name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0 || ::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
    ::close(lock);
    return -1;
}

bool is_free(std::uint16_t port, int kind) {
    const int descriptor = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (kind == SOCK_STREAM) {  // past connections; for UDP it would share the port of another
        ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const bool free =
        ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(descriptor);
    return free;
}

bool are_free(std::uint16_t first) {
    for (std::uint16_t port = first; port < first + block; ++port) {
        if (!is_free(port, SOCK_DGRAM)) return false;
    }
    return true;
}

std::vector<std::uint16_t> shuffled(std::uint16_t first, std::uint16_t end, std::uint16_t step) {
    std::vector<std::uint16_t> ports;
    for (unsigned port = first; port + step <= end; port += step) {
        ports.push_back(static_cast<std::uint16_t>(port));
    }
    std::shuffle(ports.begin(), ports.end(), std::mt19937(std::random_device()()));
    return ports;
}

}  // namespace

Result<PortReservation> PortReservation::one() {
    for (const std::uint16_t port : shuffled(single_first, single_end, 1)) {
        if (!is_free(port, SOCK_STREAM) || !is_free(port, SOCK_DGRAM)) continue;
        const int lock = reserve(std::to_string(port));
        if (lock >= 0) return PortReservation(port, lock);
    }
    return fail(Errc::unavailable, "there is no free port");
}

Result<PortReservation> PortReservation::in_a_row() {
    for (const std::uint16_t first : shuffled(blocks_first, blocks_end, block)) {
        const int lock = reserve("block-" + std::to_string(first));
        if (lock < 0) continue;
        PortReservation reservation(first, lock);
        if (are_free(first)) return reservation;
    }
    return fail(Errc::unavailable, "there are no free UDP ports in a row");
}

PortReservation::PortReservation(PortReservation&& other) noexcept
    : first_(other.first_), lock_(std::exchange(other.lock_, -1)) {}

PortReservation::~PortReservation() {
    if (lock_ >= 0) ::close(lock_);
}

}  // namespace scef::bench
