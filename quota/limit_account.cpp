#include "quota/limit_account.h"

#include <algorithm>
#include <cassert>

#include "quota/forecast.h"

namespace scef::quota {
namespace {

/// The way back of a wall clock that changes nothing: the clock stands still meanwhile.
constexpr Duration set_back_max = std::chrono::hours(1);

std::uint32_t mixed(std::uint64_t mark, std::uint64_t value) {
    mark = (mark ^ value) * 0x9e3779b97f4a7c15u;
    return static_cast<std::uint32_t>(mark >> 32) | 1u;  // never zero
}

std::uint32_t mark_of(const std::vector<MessageRate>& rates) {
    std::uint32_t mark = 1;
    for (const MessageRate& limit : rates) {
        mark = mixed(mixed(mark, limit.rate.amount),
                     static_cast<std::uint64_t>(limit.rate.period.count()));
        mark = mixed(mark, limit.burst);
    }
    return mark;
}

/// Of what is counted, not of how much there is.
std::uint32_t mark_of(const std::vector<AllowanceLimit>& allowances) {
    std::uint32_t mark = 1;
    for (const AllowanceLimit& limit : allowances) {
        const auto kind = static_cast<std::uint64_t>(limit.period.kind);
        const bool fixed = limit.period.kind == CalendarPeriod::Kind::fixed;
        mark = mixed(mixed(mark, kind << 8 | static_cast<std::uint64_t>(limit.unit)),
                     fixed ? static_cast<std::uint64_t>(limit.period.length.count()) : 0);
    }
    return mark;
}

bool believed(std::uint32_t stored, std::uint32_t mark) { return stored == 0 || stored == mark; }

}  // namespace

WallTime stored_time(Instant instant, WallTime counted_at, const QuotaTime& time) {
    if (instant <= time.now) return {};
    return std::max(time.calendar, counted_at) - time.led + (instant - time.now);
}

Instant restored_time(WallTime stored, WallTime counted_at, const QuotaTime& time) {
    const WallTime since = std::max(time.calendar, counted_at) - time.led;
    return stored <= since ? Instant{} : time.now + (stored - since);
}

LimitAccount::LimitAccount(const QuotaLimits& limits, WallTime effective_since) : limits_(&limits) {
    assert(limits.messages.size() <= limits_max && limits.allowances.size() <= limits_max);
    std::transform(limits.messages.begin(), limits.messages.end(), rates_.begin(),
                   [](const MessageRate& limit) { return RateLimit(limit); });
    allowances_.reserve(limits.allowances.size());
    for (const AllowanceLimit& limit : limits.allowances) {
        allowances_.emplace_back(limit, effective_since);
    }
}

WallTime LimitAccount::counting_time(WallTime calendar) const {
    const bool is_set_back = calendar < counted_at_ && counted_at_ - calendar <= set_back_max;
    return is_set_back ? counted_at_ : calendar;
}

Earliest LimitAccount::earliest(const QuotaTime& time, const Amount& amount, double reserve) const {
    Earliest earliest{time.now, no_limit};
    const auto consider = [&](Instant at, std::size_t limit) {
        if (at > earliest.at) earliest = {at, static_cast<LimitIndex>(limit)};
    };
    consider(exhausted_until_, told_limit);
    const std::size_t rates = limits_->messages.size();
    for (std::size_t i = 0; i < rates && amount.messages > 0; ++i) {
        consider(rates_[i].earliest(time.now, reserve, amount.messages), i);
    }
    const WallTime counting = counting_time(time.calendar);
    for (std::size_t i = 0; i < allowances_.size(); ++i) {
        const Allowance& allowance = allowances_[i];
        const std::uint64_t units = amount.of(allowance.limit().unit);
        if (units == 0) continue;
        const WallTime wall = allowance.earliest(counting, units, reserve);
        if (wall > counting) consider(time.now + (wall - time.calendar), rates + i);
    }
    return earliest;
}

Amount LimitAccount::room(const QuotaTime& time, double reserve) const {
    if (exhausted_until_ > time.now) return {};
    Amount room{UINT64_MAX, UINT64_MAX};
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        room.messages = std::min(room.messages, rates_[i].room(time.now, reserve));
    }
    const WallTime counting = counting_time(time.calendar);
    for (const Allowance& allowance : allowances_) {
        auto& units = allowance.limit().unit == Unit::messages ? room.messages : room.octets;
        units = std::min(units, allowance.room(counting, reserve));
    }
    return room;
}

void LimitAccount::charge(const QuotaTime& time, const Amount& amount) {
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        rates_[i].charge(time.now, amount.messages);
    }
    const WallTime counting = counting_time(time.calendar);
    for (Allowance& allowance : allowances_) {
        allowance.charge(counting, amount.of(allowance.limit().unit));
    }
    counted_at_ = std::chrono::floor<std::chrono::seconds>(counting);
}

void LimitAccount::exhaust_until(const QuotaTime& time, Instant until) {
    exhausted_until_ = std::max(exhausted_until_, std::min(until, time.now + told_max));
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        rates_[i].exhaust_until(exhausted_until_);
    }
    charge(time, {});
}

void LimitAccount::count_outstanding(Instant now, std::uint64_t messages) {
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        rates_[i].count_outstanding(now, messages);
    }
}

void LimitAccount::give_back(const QuotaTime& time, WallTime charged_at, const Amount& amount) {
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        rates_[i].give_back(amount.messages);
    }
    const WallTime counting = counting_time(time.calendar);
    for (Allowance& allowance : allowances_) {
        allowance.give_back(charged_at, counting, amount.of(allowance.limit().unit));
    }
}

WallTime LimitAccount::next_reset(WallTime calendar) const {
    WallTime first = WallTime::max();
    for (const Allowance& allowance : allowances_) {
        first = std::min(first, allowance.window(calendar).end);
    }
    return first;
}

std::optional<WallTime> LimitAccount::exhausted_until(const QuotaTime& time) const {
    if (exhausted_until_ <= time.now) return std::nullopt;
    return time.calendar + (exhausted_until_ - time.now);
}

std::vector<LimitUse> LimitAccount::uses(const QuotaTime& time, double reserve) const {
    std::vector<LimitUse> uses;
    const std::size_t rates = limits_->messages.size();
    for (std::size_t i = 0; i < rates; ++i) {
        const RateLimit& rate = rates_[i];
        const Duration until_full = std::max(rate.theoretical_arrival() - time.now, Duration{});
        uses.push_back({limit_name(*limits_, static_cast<LimitIndex>(i)), Unit::messages,
                        rate.burst(), rate.used(time.now), rate.room(time.now, reserve),
                        time.calendar + until_full, std::nullopt,
                        time.calendar + (rate.earliest(time.now, reserve) - time.now)});
    }
    const WallTime counting = counting_time(time.calendar);
    for (std::size_t i = 0; i < allowances_.size(); ++i) {
        const Allowance& allowance = allowances_[i];
        const std::uint64_t used = allowance.used(counting);
        const std::uint64_t amount = allowance.amount(counting);
        const Window counted{allowance.counts_since(counting), allowance.window(counting).end};
        uses.push_back({limit_name(*limits_, static_cast<LimitIndex>(rates + i)),
                        allowance.limit().unit, amount, used, allowance.room(counting, reserve),
                        counted.end, exhaustion_forecast(used, amount, counted, counting),
                        allowance.earliest(counting, 1, reserve)});
    }
    if (const auto until = exhausted_until(time)) {
        for (LimitUse& use : uses) {
            use.used = std::min(use.used, use.limit);  // it is no debt of ours
            use.remaining = 0;
            use.available_at = std::max(use.available_at, *until);
        }
    }
    return uses;
}

AccountState<WallTime> LimitAccount::state(const QuotaTime& time) const {
    AccountState<WallTime> state;
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        state.arrivals[i] = stored_time(rates_[i].theoretical_arrival(), counted_at_, time);
    }
    for (std::size_t i = 0; i < allowances_.size(); ++i) {
        state.used[i] = allowances_[i].used(counted_at_);
    }
    state.exhausted_until = stored_time(exhausted_until_, counted_at_, time);
    state.counted_at = counted_at_;
    state.rates_mark = mark_of(limits_->messages);
    state.allowances_mark = mark_of(limits_->allowances);
    return state;
}

void LimitAccount::restore(const AccountState<WallTime>& state, const QuotaTime& time) {
    const bool same_rates = believed(state.rates_mark, mark_of(limits_->messages));
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        const Instant arrival = restored_time(state.arrivals[i], state.counted_at, time);
        const Instant bound = time.now + rates_[i].full_burst();
        rates_[i].resume(same_rates ? arrival : std::min(arrival, bound));
    }
    if (believed(state.allowances_mark, mark_of(limits_->allowances))) {
        for (std::size_t i = 0; i < allowances_.size(); ++i) {
            allowances_[i].restore(state.used[i], state.counted_at);
        }
    }
    const Instant until = restored_time(state.exhausted_until, state.counted_at, time);
    exhausted_until_ = std::min(until, time.now + told_max);
    counted_at_ = state.counted_at;
}

AccountState<Instant> LimitAccount::position() const {
    AccountState<Instant> position;
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        position.arrivals[i] = rates_[i].theoretical_arrival();
    }
    for (std::size_t i = 0; i < allowances_.size(); ++i) {
        position.used[i] = allowances_[i].used(counted_at_);
    }
    position.exhausted_until = exhausted_until_;
    position.counted_at = counted_at_;
    return position;
}

void LimitAccount::resume(const AccountState<Instant>& position) {
    for (std::size_t i = 0; i < limits_->messages.size(); ++i) {
        rates_[i].resume(position.arrivals[i]);
    }
    for (std::size_t i = 0; i < allowances_.size(); ++i) {
        allowances_[i].restore(position.used[i], position.counted_at);
    }
    exhausted_until_ = position.exhausted_until;
    counted_at_ = position.counted_at;
}

}  // namespace scef::quota
