#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::adapter {

/// Counts wrong tokens by the address they come from: five within a minute are answered, more are
/// told to wait. Thread-safe; remembers a bounded number of addresses.
class FailedLogins {
public:
    static constexpr std::size_t failures_max = 5;
    static constexpr Duration period = std::chrono::minutes(1);
    static constexpr std::size_t addresses_max = 4096;

    /// A wrong token came: nothing if it is to be refused as such, or how long the address must
    /// wait (this attempt is not counted then).
    std::optional<Duration> on_failure(const std::string& address, Instant now);

private:
    void make_room(Instant now);

    std::mutex mutex_;
    std::map<std::string, std::deque<Instant>> failures_;
};

}  // namespace scef::adapter
