#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::scef_simulator {

/// So many messages or octets in a period; a period of zero stands for no limit.
struct Rate {
    std::uint64_t amount = 0;
    Duration period{0};
    bool is_unrestricted() const { return period == Duration::zero(); }
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// `100/minute`, `/hour`, `/day` or `/week` as APN rate control has them (TS 24.008 10.5.6.3.2), or
/// `unrestricted`.
Result<Rate> parse_apn_rate(std::string_view text);

/// Serving PLMN rate control: messages in six minutes, `10` or more, or `unrestricted` (TS 23.401
/// 4.7.7.2).
Result<Rate> parse_serving_plmn_rate(std::string_view text);

/// The text that the two functions above read.
std::string to_text(const Rate& rate);

/// What the operator lets one UE do. A frame must pass every one of them.
struct RateLimits {
    Rate apn_downlink;
    Rate apn_uplink;
    /// Exception reports that may go when `apn_uplink` is used up; absent: they have no privilege.
    std::optional<Rate> apn_exception;
    Rate serving_plmn_downlink;
    Rate serving_plmn_uplink;
    Rate quota_downlink;  ///< octets, of the agreement with the SCS/AS (TS 23.682 5.13.3)
    friend bool operator==(const RateLimits&, const RateLimits&) = default;
};

/// Counts against one rate. The period begins with the first thing counted and the next one with
/// the first after its end.
class RateWindow {
public:
    /// The count of the running period is kept.
    void set(const Rate& rate) { rate_ = rate; }
    const Rate& rate() const { return rate_; }

    std::uint64_t used(Instant now) const { return now < end_ ? used_ : 0; }

    /// Whether `amount` more goes now, beside `waiting` that was promised already.
    bool fits(std::uint64_t amount, std::uint64_t waiting, Instant now) const;
    void count(std::uint64_t amount, Instant now);

    /// When the next one goes if none goes now.
    std::optional<Instant> again(Instant now) const;

private:
    Rate rate_;
    std::uint64_t used_ = 0;
    Instant end_ = Instant::min();
};

/// The rate control of one UE, both ways. Pure.
class UeRateControl {
public:
    enum class Verdict : std::uint8_t { fits, rate_exceeded, quota_exceeded };

    /// Periods run `time_scale` times faster.
    UeRateControl(const RateLimits& limits, double time_scale);

    void set_limits(const RateLimits& limits);

    /// Whether the SCEF takes a downlink frame of so many octets beside what waits for the UE
    /// already (TS 23.682 5.13.3 step 2).
    Verdict admit(std::size_t octets, std::size_t waiting, std::size_t waiting_octets,
                  Instant now) const;

    bool may_send(Instant now) const;
    std::optional<Instant> sends_again(Instant now) const;
    void count_downlink(std::size_t octets, Instant now);

    /// Counts an uplink frame, or says false for one over the limit.
    bool take_uplink(bool is_exception, Instant now);

    /// Used in the running periods, in the order of `RateLimits`.
    struct Used {
        std::uint64_t apn_downlink = 0;
        std::uint64_t apn_uplink = 0;
        std::uint64_t apn_exception = 0;
        std::uint64_t serving_plmn_downlink = 0;
        std::uint64_t serving_plmn_uplink = 0;
        std::uint64_t quota_downlink = 0;
    };
    Used used(Instant now) const;

private:
    double time_scale_;
    bool has_exceptions_ = false;
    RateWindow apn_downlink_;
    RateWindow apn_uplink_;
    RateWindow apn_exception_;
    RateWindow plmn_downlink_;
    RateWindow plmn_uplink_;
    RateWindow quota_downlink_;
};

}  // namespace scef::scef_simulator
