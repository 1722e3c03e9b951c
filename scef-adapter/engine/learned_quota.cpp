#include "scef-adapter/engine/learned_quota.h"

#include <initializer_list>
#include <optional>
#include <utility>

namespace scef::adapter {
namespace {

using quota::MessageRate;
using quota::QuotaLimits;
using quota::Rate;

constexpr std::string_view says_who = ", says the device: ";

/// Half at once and the rest evenly: together never more than the rate in one period, wherever it
/// begins. One by one would be as safe, but then a message that follows an answer to the device
/// often misses the short time in which that listens.
QuotaLimits in_any_period(const std::optional<Rate>& rate) {
    QuotaLimits limits;
    if (!rate) return limits;
    const std::uint64_t at_once = (rate->amount + 1) / 2;
    limits.messages = {
        {{rate->amount + 1 - at_once, rate->period}, static_cast<std::uint32_t>(at_once)}};
    return limits;
}

std::optional<MessageRate> all_at_once(const std::optional<Rate>& rate) {
    if (!rate) return std::nullopt;
    return MessageRate{*rate, static_cast<std::uint32_t>(rate->amount)};
}

/// It is the device that keeps to it, in periods that it alone knows.
QuotaLimits in_periods_of_the_device(const std::optional<Rate>& rate,
                                     const std::optional<Rate>& exceptions = {}) {
    QuotaLimits limits;
    if (const auto limit = all_at_once(rate)) limits.messages = {*limit};
    limits.exceptions = all_at_once(exceptions);
    return limits;
}

std::string text_of(const std::optional<Rate>& rate) {
    QuotaLimits limits;
    if (rate) limits.messages = {{*rate, 1}};
    return limit_name(limits, rate ? 0 : quota::no_limit);
}

}  // namespace

LearnedQuota::LearnedQuota(const RateControlReport& report)
    : report_(report),
      accounts_{{Account(in_any_period(report.plmn_limit())),
                 Account(in_periods_of_the_device(report.plmn_limit())),
                 Account(in_periods_of_the_device(report.apn_limit(), report.exception_limit()))}} {
}

quota::Earliest LearnedQuota::downlink_earliest(const quota::QuotaTime& time,
                                                const quota::Want& want) const {
    return account(Limit::plmn_downlink).quota.earliest(time, want);
}

void LearnedQuota::charge_downlink(const quota::QuotaTime& time, std::uint64_t octets) {
    account(Limit::plmn_downlink).quota.charge(time, octets);
}

bool LearnedQuota::charge_uplink(const quota::QuotaTime& time, std::uint64_t octets) {
    bool is_over = false;
    for (const Limit limit : {Limit::plmn_uplink, Limit::apn_uplink}) {
        quota::DirectionQuota& quota = account(limit).quota;
        const quota::Want want{.octets = octets, .emergency = true};
        is_over = quota.earliest(time, want).at > time.now || is_over;
        quota.charge(time, octets, true);
    }
    return is_over;
}

std::string LearnedQuota::name(Limit limit) const {
    const bool is_apn = limit == Limit::apn_uplink;
    std::string name = is_apn ? "APN rate" : "serving PLMN rate";
    name += says_who;
    return name + text_of(is_apn ? report_.apn_limit() : report_.plmn_limit());
}

std::vector<quota::LimitUse> LearnedQuota::uses(Direction direction, const quota::QuotaTime& time,
                                                double reserve) const {
    const auto list = direction == Direction::downlink
                          ? std::vector{Limit::plmn_downlink}
                          : std::vector{Limit::plmn_uplink, Limit::apn_uplink};
    std::vector<quota::LimitUse> uses;
    for (const Limit limit : list) {
        const Account& its = account(limit);
        std::size_t place = 0;
        for (quota::LimitUse& use : its.quota.uses(time, reserve)) {
            use.name =
                place++ < its.limits.messages.size()
                    ? name(limit)
                    : "exception data" + std::string(says_who) + text_of(report_.exception_limit());
            uses.push_back(std::move(use));
        }
    }
    return uses;
}

LearnedQuota::Records<WallTime> LearnedQuota::state(const quota::QuotaTime& time) const {
    Records<WallTime> state;
    for (std::size_t i = 0; i < limits; ++i) state[i] = accounts_[i].quota.state(time);
    return state;
}

void LearnedQuota::restore(const Records<WallTime>& state, const quota::QuotaTime& time) {
    for (std::size_t i = 0; i < limits; ++i) accounts_[i].quota.restore(state[i], time);
}

LearnedQuota::Records<Instant> LearnedQuota::position() const {
    Records<Instant> position;
    for (std::size_t i = 0; i < limits; ++i) position[i] = accounts_[i].quota.position();
    return position;
}

void LearnedQuota::resume(const Records<Instant>& position) {
    for (std::size_t i = 0; i < limits; ++i) accounts_[i].quota.resume(position[i]);
}

}  // namespace scef::adapter
