#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/types/notification.h"
#include "scef-adapter/admin/failed_logins.h"

namespace scef::adapter {

/// Watches who asks the notification endpoint for what is not there: somebody may be guessing. It
/// counts by reason, has an address that guesses capabilities wait as one that guesses tokens does,
/// and raises an alarm. Thread-safe.
class RefusalWatch {
public:
    /// More within one minute, from all addresses together, raise the alarm.
    static constexpr std::uint64_t alarm_over = 60;
    static constexpr Duration period = std::chrono::minutes(1);

    /// How many there were, by `nidd::Unknown`.
    struct Counts {
        std::array<std::uint64_t, nidd::unknown_kinds> by_kind{};
        std::uint64_t throttled = 0;  ///< of those with a wrong capability, answered 429
        std::uint64_t of(nidd::Unknown kind) const {
            return by_kind[static_cast<std::size_t>(kind)];
        }
        std::uint64_t total() const;
    };
    /// Called on the thread of the refusal with what this minute brought so far; once a minute at
    /// most.
    using Alarm = std::function<void(const Counts&)>;

    explicit RefusalWatch(Alarm alarm) : alarm_(std::move(alarm)) {}

    /// A notification from `address` is answered 404; or 429, if the address is to wait. Only those
    /// with a wrong capability are: who has a right one may be a SCEF that is late.
    std::optional<Duration> on_unknown(nidd::Unknown kind, const std::string& address, Instant now);

    Counts counts() const;

private:
    Alarm alarm_;
    FailedLogins guesses_;
    mutable std::mutex mutex_;
    Counts counts_;
    Counts of_this_minute_;
    Instant minute_since_{};
    bool is_told_ = false;
};

}  // namespace scef::adapter
