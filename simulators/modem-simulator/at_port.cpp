#include "simulators/modem-simulator/at_port.h"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace scef::modem_simulator {
namespace {

tl::unexpected<Error> system_failure(const std::string& what) {
    return fail(Errc::internal, what + ": " + std::strerror(errno));
}

// A modem echoes by itself, so the terminal passes every octet as it is.
Status make_raw(int terminal) {
    termios settings{};
    if (::tcgetattr(terminal, &settings) != 0) return system_failure("no terminal");
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, B115200);
    if (::tcsetattr(terminal, TCSANOW, &settings) != 0) return system_failure("no terminal");
    return {};
}

// Where a symbolic link points to; empty for anything else.
std::string target_of(const std::string& path) {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

Status place_link(const std::string& device, const std::string& path) {
    if (target_of(path).starts_with("/dev/pts/")) ::unlink(path.c_str());
    if (::symlink(device.c_str(), path.c_str()) == 0) return {};
    if (errno == EEXIST) return fail(Errc::conflict, "--at: " + path + " is there already");
    return fail(Errc::invalid_argument,
                "--at: cannot make the link " + path + ": " + std::strerror(errno));
}

}  // namespace

Result<AtPort> AtPort::open(const std::string& path) {
    AtPort port;
    port.master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port.master_ < 0 || ::grantpt(port.master_) != 0 || ::unlockpt(port.master_) != 0) {
        return system_failure("--at: no pseudo-terminal");
    }
    std::array<char, PATH_MAX> name{};
    if (::ptsname_r(port.master_, name.data(), name.size()) != 0) {
        return system_failure("--at: no pseudo-terminal");
    }
    port.device_ = name.data();
    port.terminal_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (port.terminal_ < 0) return system_failure("--at: " + port.device_);
    if (Status status = make_raw(port.terminal_); !status) return tl::unexpected(status.error());
    if (Status status = place_link(port.device_, path); !status) {
        return tl::unexpected(status.error());
    }
    port.path_ = path;
    return port;
}

AtPort::AtPort(AtPort&& other) noexcept { *this = std::move(other); }

AtPort& AtPort::operator=(AtPort&& other) noexcept {
    std::swap(master_, other.master_);
    std::swap(terminal_, other.terminal_);
    std::swap(path_, other.path_);
    std::swap(device_, other.device_);
    return *this;
}

AtPort::~AtPort() {
    if (!path_.empty() && target_of(path_) == device_) ::unlink(path_.c_str());
    if (terminal_ >= 0) ::close(terminal_);
    if (master_ >= 0) ::close(master_);
}

std::string AtPort::read() const {
    std::array<char, 4096> buffer{};
    const ssize_t size = ::read(master_, buffer.data(), buffer.size());
    return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : std::string();
}

void AtPort::write(std::string_view text) const {
    bool is_flushed = false;
    while (!text.empty()) {
        const ssize_t written = ::write(master_, text.data(), text.size());
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (written < 0 && errno == EINTR) {
            continue;
        } else if (!std::exchange(is_flushed, true)) {
            ::tcflush(terminal_, TCIFLUSH);
        } else {
            return;
        }
    }
}

}  // namespace scef::modem_simulator
