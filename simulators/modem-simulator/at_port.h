#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::modem_simulator {

/// A pseudo-terminal with a symbolic link to it, for a program that expects a serial line. Owns
/// both; one thread at a time.
class AtPort {
public:
    /// The link at `path` takes the place of one that points into /dev/pts, left by a program that
    /// was killed, and of nothing else.
    static Result<AtPort> open(const std::string& path);

    AtPort(AtPort&& other) noexcept;
    AtPort& operator=(AtPort&& other) noexcept;
    ~AtPort();

    int descriptor() const { return master_; }
    const std::string& path() const { return path_; }
    /// The terminal itself, such as `/dev/pts/3`.
    const std::string& device() const { return device_; }

    /// What was sent by whoever has the terminal open; empty if nothing is there.
    std::string read() const;
    /// Never waits. When nobody reads and the line is full, what is old is lost, as on a serial
    /// line.
    void write(std::string_view text) const;

private:
    AtPort() = default;

    int master_ = -1;
    int terminal_ = -1;  ///< kept open, so that the settings stay and nothing hangs up
    std::string path_, device_;
};

}  // namespace scef::modem_simulator
