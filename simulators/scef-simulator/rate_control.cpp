#include "simulators/scef-simulator/rate_control.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace scef::scef_simulator {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view unrestricted = "unrestricted";
constexpr Duration six_minutes = 6min;
constexpr std::uint64_t serving_plmn_min = 10;

constexpr std::array<std::pair<std::string_view, Duration>, 4> periods{{
    {"minute", 1min},
    {"hour", 1h},
    {"day", 24h},
    {"week", 168h},
}};

std::optional<std::uint64_t> natural(std::string_view text) {
    std::uint64_t number = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stopped != text.data() + text.size()) return std::nullopt;
    return number;
}

Rate faster(Rate rate, double factor) {
    if (rate.is_unrestricted()) return rate;
    const double period = static_cast<double>(rate.period.count()) / factor;
    rate.period = std::max<Duration>(Duration(static_cast<Duration::rep>(period)), 1ms);
    return rate;
}

}  // namespace

Result<Rate> parse_apn_rate(std::string_view text) {
    if (text == unrestricted) return Rate{};
    const std::size_t slash = text.find('/');
    const auto amount = natural(text.substr(0, slash));
    if (amount && slash != std::string_view::npos) {
        for (const auto& [name, period] : periods) {
            if (text.substr(slash + 1) == name) return Rate{*amount, period};
        }
    }
    return fail(Errc::invalid_argument,
                "expected a rate such as 100/hour (minute, hour, day, week) or unrestricted");
}

Result<Rate> parse_serving_plmn_rate(std::string_view text) {
    if (text == unrestricted) return Rate{};
    const auto amount = natural(text);
    if (!amount || *amount < serving_plmn_min) {
        return fail(Errc::invalid_argument,
                    "expected messages in six minutes, 10 or more, or unrestricted");
    }
    return Rate{*amount, six_minutes};
}

std::string to_text(const Rate& rate) {
    if (rate.is_unrestricted()) return std::string(unrestricted);
    for (const auto& [name, period] : periods) {
        if (period == rate.period) return std::to_string(rate.amount) + "/" + std::string(name);
    }
    return std::to_string(rate.amount);
}

bool RateWindow::fits(std::uint64_t amount, std::uint64_t waiting, Instant now) const {
    return rate_.is_unrestricted() || used(now) + waiting + amount <= rate_.amount;
}

void RateWindow::count(std::uint64_t amount, Instant now) {
    if (rate_.is_unrestricted()) return;
    if (now >= end_) {
        used_ = 0;
        end_ = now + rate_.period;
    }
    used_ += amount;
}

std::optional<Instant> RateWindow::again(Instant now) const {
    if (fits(1, 0, now) || used(now) == 0) return std::nullopt;
    return end_;
}

UeRateControl::UeRateControl(const RateLimits& limits, double time_scale)
    : time_scale_(time_scale) {
    set_limits(limits);
}

void UeRateControl::set_limits(const RateLimits& limits) {
    apn_downlink_.set(faster(limits.apn_downlink, time_scale_));
    apn_uplink_.set(faster(limits.apn_uplink, time_scale_));
    has_exceptions_ = limits.apn_exception.has_value();
    apn_exception_.set(faster(limits.apn_exception.value_or(Rate{}), time_scale_));
    plmn_downlink_.set(faster(limits.serving_plmn_downlink, time_scale_));
    plmn_uplink_.set(faster(limits.serving_plmn_uplink, time_scale_));
    quota_downlink_.set(faster(limits.quota_downlink, time_scale_));
}

UeRateControl::Verdict UeRateControl::admit(std::size_t octets, std::size_t waiting,
                                            std::size_t waiting_octets, Instant now) const {
    if (!quota_downlink_.fits(octets, waiting_octets, now)) return Verdict::quota_exceeded;
    if (!apn_downlink_.fits(1, waiting, now) || !plmn_downlink_.fits(1, waiting, now)) {
        return Verdict::rate_exceeded;
    }
    return Verdict::fits;
}

bool UeRateControl::may_send(Instant now) const {
    return apn_downlink_.fits(1, 0, now) && plmn_downlink_.fits(1, 0, now);
}

std::optional<Instant> UeRateControl::sends_again(Instant now) const {
    const auto apn = apn_downlink_.again(now);
    const auto plmn = plmn_downlink_.again(now);
    return apn && plmn ? std::max(*apn, *plmn) : (apn ? apn : plmn);
}

void UeRateControl::count_downlink(std::size_t octets, Instant now) {
    apn_downlink_.count(1, now);
    plmn_downlink_.count(1, now);
    quota_downlink_.count(octets, now);
}

/// An exception report uses the ordinary rate first and its own only beyond it.
bool UeRateControl::take_uplink(bool is_exception, Instant now) {
    if (!plmn_uplink_.fits(1, 0, now)) return false;
    if (apn_uplink_.fits(1, 0, now)) {
        apn_uplink_.count(1, now);
    } else if (is_exception && has_exceptions_ && apn_exception_.fits(1, 0, now)) {
        apn_exception_.count(1, now);
    } else {
        return false;
    }
    plmn_uplink_.count(1, now);
    return true;
}

UeRateControl::Used UeRateControl::used(Instant now) const {
    return {apn_downlink_.used(now),  apn_uplink_.used(now),  apn_exception_.used(now),
            plmn_downlink_.used(now), plmn_uplink_.used(now), quota_downlink_.used(now)};
}

}  // namespace scef::scef_simulator
