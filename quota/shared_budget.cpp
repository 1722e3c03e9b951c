#include "quota/shared_budget.h"

#include <algorithm>
#include <utility>

namespace scef::quota {
namespace {

/// A bucket that is held down by leases may seem to fill at any moment: not looked at more often.
constexpr Duration look_pause = std::chrono::milliseconds(10);
/// The part of what is there that one shard is given ahead of need.
constexpr std::uint64_t ahead_share = 4;

Amount smaller(const Amount& a, const Amount& b) {
    return {std::min(a.messages, b.messages), std::min(a.octets, b.octets)};
}

}  // namespace

SharedBudget::SharedBudget(const QuotaLimits& limits, double emergency_reserve,
                           WallTime effective_since)
    : account_(limits, effective_since), emergency_reserve_(emergency_reserve) {}

void SharedBudget::restore_shard(std::uint32_t shard, const ShardState& state) {
    Entry& entry = entries_[shard];
    outstanding_ = outstanding_ - entry.state.outstanding() + state.outstanding();
    entry.state = state;
}

void SharedBudget::on_ask(const LeaseAsk& ask, const QuotaTime& time) {
    Entry& entry = entries_[ask.shard];
    const ShardState before = entry.state;
    const bool is_late = ask.serial < before.serial ||
                         (ask.serial == before.serial && !ask.used_total.covers(before.used_total));
    if (is_late) return;
    account_.count_outstanding(time.now, outstanding_.messages);
    if (ask.serial > before.serial) end_lease(entry, ask, time);
    note_used(entry, ask.used_total, time);
    outstanding_ = outstanding_ - before.outstanding() + entry.state.outstanding();
    if (entry.state != before) changed_.insert(ask.shard);
    entry.ask = ask;
    enqueue(ask.shard, entry);
    if (std::exchange(entry.is_answered, false)) to_answer_.push_back(ask.shard);
}

/// What was leased and not used comes back; what is used from here on belongs to a new lease.
void SharedBudget::end_lease(Entry& entry, const LeaseAsk& ask, const QuotaTime& time) {
    note_used(entry, ask.used_before, time);
    account_.give_back(time, entry.state.granted_at, entry.state.outstanding());
    entry.state = {ask.serial, ask.used_before, ask.used_before, {}, {}, {}};
}

/// What was used and never leased is charged now: debt, that later leases wait out.
void SharedBudget::note_used(Entry& entry, const Amount& used_total, const QuotaTime& time) {
    ShardState& state = entry.state;
    if (!used_total.covers(state.used_total)) return;
    state.used_total = used_total;
    const Amount leased = state.granted + state.granted_emergency;
    const Amount debt = (used_total - state.used_before) - leased;
    if (!debt.is_nothing()) give(entry, state.granted, debt, time);
}

void SharedBudget::give(Entry& entry, Amount& pot, const Amount& amount, const QuotaTime& time) {
    ShardState& state = entry.state;
    if ((state.granted + state.granted_emergency).is_nothing()) state.granted_at = time.calendar;
    account_.charge(time, amount);
    pot += amount;
}

void SharedBudget::enqueue(std::uint32_t shard, Entry& entry) {
    const bool emergency = !entry.state.granted_emergency.covers(entry.ask.emergency);
    const bool waits = emergency || !entry.state.granted.covers(entry.ask.least);
    if (entry.waits && (!waits || emergency)) std::erase(queue_, shard);
    if (waits && emergency) {
        const auto first_other = std::find_if(queue_.begin(), queue_.end(), [&](auto other) {
            const Entry& place = entries_.at(other);
            return place.state.granted_emergency.covers(place.ask.emergency);
        });
        queue_.insert(first_other, shard);
    } else if (waits && !entry.waits) {
        queue_.push_back(shard);
    }
    entry.waits = waits;
}

bool SharedBudget::has_ended(const Entry& entry, const QuotaTime& time) const {
    const ShardState& state = entry.state;
    const bool has_something = !(state.granted + state.granted_emergency).is_nothing();
    return has_something && account_.next_reset(state.granted_at) <= time.calendar;
}

/// Gives what the shard needs at least, or says when that is possible.
Earliest SharedBudget::serve(Entry& entry, const QuotaTime& time) {
    ShardState& state = entry.state;
    if (has_ended(entry, time)) return {time.now, no_limit};  // its next ask is for a new lease
    struct Need {
        Amount& pot;
        Amount amount;
        double reserve;
    };
    for (const Need& need :
         {Need{state.granted_emergency, entry.ask.emergency - state.granted_emergency, 0},
          Need{state.granted, entry.ask.least - state.granted, emergency_reserve_}}) {
        if (need.amount.is_nothing()) continue;
        const Earliest earliest = account_.earliest(time, need.amount, need.reserve);
        if (earliest.at > time.now) return earliest;
        Amount amount = need.amount;
        amount.messages = std::min(amount.messages, account_.room(time, need.reserve).messages);
        give(entry, need.pot, amount, time);
    }
    return {time.now, no_limit};
}

void SharedBudget::serve_queue(const QuotaTime& time) {
    look_again_at_ = never;
    while (!queue_.empty()) {
        const std::uint32_t shard = queue_.front();
        Entry& entry = entries_.at(shard);
        const ShardState before = entry.state;
        const Earliest earliest = serve(entry, time);
        outstanding_ = outstanding_ - before.outstanding() + entry.state.outstanding();
        if (entry.state != before) changed_.insert(shard);
        if (entry.state != before && std::exchange(entry.is_answered, false)) {
            to_answer_.push_back(shard);
        }
        if (earliest.at > time.now) {
            look_again_at_ = std::max(earliest.at, time.now + look_pause);
            return;
        }
        queue_.pop_front();
        entry.waits = false;
    }
}

void SharedBudget::give_ahead(Entry& entry, const QuotaTime& time) {
    if (has_ended(entry, time)) return;
    const Amount wish = entry.ask.wanted - entry.state.granted;
    const Amount room = account_.room(time, emergency_reserve_);
    const Amount part{room.messages / ahead_share, room.octets / ahead_share};
    const Amount amount = smaller(wish, part);
    const bool is_of_use = (amount.messages > 0 || wish.messages == 0) &&
                           (amount.octets > 0 || wish.octets == 0) && !amount.is_nothing();
    if (!is_of_use) return;
    give(entry, entry.state.granted, amount, time);
    outstanding_ += amount;
    changed_.insert(entry.ask.shard);
}

LeaseGrant SharedBudget::answer(const Entry& entry) const {
    const ShardState& state = entry.state;
    const bool has_something = !(state.granted + state.granted_emergency).is_nothing();
    return {entry.ask.shard,
            state.serial,
            state.used_total,
            state.granted,
            state.granted_emergency,
            has_something ? account_.next_reset(state.granted_at) : WallTime::max(),
            {},
            no_limit};
}

/// To those that wait: when their turn comes, if those before them take what they need.
void SharedBudget::tell_when(std::vector<LeaseGrant>& answers, const QuotaTime& time) const {
    LimitAccount account = account_;
    for (const std::uint32_t shard : queue_) {
        const Entry& entry = entries_.at(shard);
        const Amount need = (entry.ask.emergency - entry.state.granted_emergency) +
                            (entry.ask.least - entry.state.granted);
        const Earliest earliest = account.earliest(time, need, emergency_reserve_);
        account.charge(time, need);
        for (LeaseGrant& answer : answers) {
            if (answer.shard != shard) continue;
            answer.earliest = time.calendar + (earliest.at - time.now);
            answer.limit = earliest.limit;
        }
    }
}

std::vector<LeaseGrant> SharedBudget::grants(const QuotaTime& time) {
    account_.count_outstanding(time.now, outstanding_.messages);
    serve_queue(time);
    std::vector<LeaseGrant> answers;
    for (const std::uint32_t shard : std::exchange(to_answer_, {})) {
        Entry& entry = entries_.at(shard);
        if (queue_.empty()) give_ahead(entry, time);
        entry.is_answered = true;
        answers.push_back(answer(entry));
    }
    if (!answers.empty() && !queue_.empty()) tell_when(answers, time);
    return answers;
}

}  // namespace scef::quota
