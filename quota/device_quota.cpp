#include "quota/device_quota.h"

#include <algorithm>

namespace scef::quota {

DirectionQuota::DirectionQuota(const QuotaLimits& limits, WallTime effective_since)
    : account_(limits, effective_since) {
    if (limits.exceptions) exceptions_ = RateLimit(*limits.exceptions);
}

Earliest DirectionQuota::earliest(const QuotaTime& time, const Want& want) const {
    const Amount amount = counted(limits(), want.messages, want.octets);
    const Earliest ordinary = account_.earliest(time, amount, want.reserve);
    if (!want.emergency || !limits().exceptions || ordinary.at <= time.now) return ordinary;
    const Instant exception = exceptions_.earliest(time.now, 0, want.messages);
    return exception < ordinary.at ? Earliest{exception, exceptions_limit} : ordinary;
}

std::uint64_t DirectionQuota::charge(const QuotaTime& time, std::uint64_t octets, bool emergency) {
    const Amount amount = counted(limits(), 1, octets);
    const bool is_exception = emergency && limits().exceptions &&
                              account_.earliest(time, amount).at > time.now &&
                              exceptions_.earliest(time.now) <= time.now;
    if (is_exception) exceptions_.charge(time.now);
    const Amount charged = is_exception ? Amount{} : amount;
    account_.charge(time, charged);
    ++messages_total_;
    bytes_total_ += octets;
    return charged.octets;
}

bool DirectionQuota::has_room_for_more(const QuotaTime& time, std::uint64_t octets) const {
    return account_.earliest(time, {0, rounded_up(octets, limits().round_up)}).at <= time.now;
}

std::uint64_t DirectionQuota::charge_more(const QuotaTime& time, std::uint64_t octets) {
    const Amount charged{0, rounded_up(octets, limits().round_up)};
    account_.charge(time, charged);
    bytes_total_ += octets;
    return charged.octets;
}

std::vector<LimitUse> DirectionQuota::uses(const QuotaTime& time, double reserve) const {
    std::vector<LimitUse> uses = account_.uses(time, reserve);
    if (limits().exceptions) {
        const Duration until_full =
            std::max(exceptions_.theoretical_arrival() - time.now, Duration{});
        uses.push_back({limit_name(limits(), exceptions_limit), Unit::messages, exceptions_.burst(),
                        exceptions_.used(time.now), exceptions_.room(time.now),
                        time.calendar + until_full, std::nullopt,
                        time.calendar + (exceptions_.earliest(time.now) - time.now)});
    }
    return uses;
}

DirectionQuota::State DirectionQuota::state(const QuotaTime& time) const {
    const auto account = account_.state(time);
    return {account, stored_time(exceptions_.theoretical_arrival(), account.counted_at, time),
            messages_total_, bytes_total_};
}

void DirectionQuota::restore(const State& state, const QuotaTime& time) {
    account_.restore(state.account, time);
    const Instant arrival = restored_time(state.exceptions_arrival, state.account.counted_at, time);
    exceptions_.resume(std::min(arrival, time.now + exceptions_.full_burst()));
    messages_total_ = state.messages_total;
    bytes_total_ = state.bytes_total;
}

DirectionQuota::Position DirectionQuota::position() const {
    return {account_.position(), exceptions_.theoretical_arrival(), messages_total_, bytes_total_};
}

void DirectionQuota::resume(const Position& position) {
    account_.resume(position.account);
    exceptions_.resume(position.exceptions_arrival);
    messages_total_ = position.messages_total;
    bytes_total_ = position.bytes_total;
}

}  // namespace scef::quota
