#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "quota/calendar_period.h"

namespace scef::quota {

/// So many units (messages or octets) per period.
struct Rate {
    std::uint64_t amount = 0;
    Duration period{};
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// Messages at a rate, `burst` of them back to back.
struct MessageRate {
    Rate rate;
    std::uint32_t burst = 1;
    friend bool operator==(const MessageRate&, const MessageRate&) = default;
};

enum class Unit : std::uint8_t { messages, octets };

/// So many units in each window of the calendar.
struct AllowanceLimit {
    std::uint64_t amount = 0;
    CalendarPeriod period;
    Unit unit = Unit::octets;
    /// Of the first window, only the part after the account began counts, and of the amount as
    /// much; only of days, weeks and months.
    bool pro_rate = false;
    friend bool operator==(const AllowanceLimit&, const AllowanceLimit&) = default;
};

/// At most so many rates, and so many allowances, in one direction.
inline constexpr std::size_t limits_max = 4;

/// What may pass in one direction of one scope: what all of them let pass. Without any, everything.
struct QuotaLimits {
    std::vector<MessageRate> messages;       ///< at most `limits_max`
    std::vector<AllowanceLimit> allowances;  ///< at most `limits_max`
    /// What priority emergency may use besides, once the limits above are used up: the "additional
    /// exception reports" of APN rate control (TS 23.401 4.7.7.3). Of a device, not of a shared
    /// scope.
    std::optional<MessageRate> exceptions;
    std::uint32_t round_up = 1;  ///< each message counts as a multiple of so many octets
    friend bool operator==(const QuotaLimits&, const QuotaLimits&) = default;
};

/// Which of the limits: rates first, then allowances, or one of those below.
using LimitIndex = std::uint8_t;
inline constexpr LimitIndex no_limit = 255;
inline constexpr LimitIndex told_limit = 254;        ///< the SCEF said that it is used up
inline constexpr LimitIndex exceptions_limit = 253;  ///< the rate of exceptions

/// For people: "100 messages per hour, 10 at once", "102400 octets per day in Europe/Berlin".
std::string limit_name(const QuotaLimits& limits, LimitIndex index);

/// What passes, or may.
struct Amount {
    std::uint64_t messages = 0;
    std::uint64_t octets = 0;

    Amount& operator+=(const Amount& other) {
        messages += other.messages;
        octets += other.octets;
        return *this;
    }
    friend Amount operator+(Amount a, const Amount& b) { return a += b; }
    /// What is left of `a` without `b`, at least nothing.
    friend Amount operator-(const Amount& a, const Amount& b) {
        return {a.messages > b.messages ? a.messages - b.messages : 0,
                a.octets > b.octets ? a.octets - b.octets : 0};
    }
    bool is_nothing() const { return messages == 0 && octets == 0; }
    bool covers(const Amount& other) const {
        return messages >= other.messages && octets >= other.octets;
    }
    std::uint64_t of(Unit unit) const { return unit == Unit::messages ? messages : octets; }
    friend bool operator==(const Amount&, const Amount&) = default;
};

/// `octets` as a multiple of `unit`, rounded up.
std::uint64_t rounded_up(std::uint64_t octets, std::uint32_t unit);
/// As they are counted: each message rounded up.
Amount counted(const QuotaLimits& limits, std::uint64_t messages, std::uint64_t octets);

/// The two times by which quotas are counted: rates by the steady one, windows by the calendar's
/// (CalendarClock).
struct QuotaTime {
    Instant now;
    WallTime calendar;
    /// How much of `calendar` did not pass by the steady clock, but was added to follow the wall
    /// clock. Without it, it is the steady clock as it goes on over restarts.
    Duration led{};

    /// Where no CalendarClock runs: the wall clock as it is.
    static QuotaTime by_wall(const Turn& turn) { return {turn.now, turn.wall}; }
};

/// When something may pass, and which limit binds until then.
struct Earliest {
    Instant at{};
    LimitIndex limit = no_limit;
};

}  // namespace scef::quota
