#include "quota/lease.h"

#include <algorithm>

namespace scef::quota {
namespace {

/// Use in so long is asked for beforehand.
constexpr Duration pace_period = std::chrono::seconds(2);
/// An answer of the owner takes less, if nothing is lost.
constexpr Duration round_trip = std::chrono::milliseconds(100);

Amount larger(const Amount& a, const Amount& b) {
    return {std::max(a.messages, b.messages), std::max(a.octets, b.octets)};
}

}  // namespace

Lease::Lease(std::uint32_t shard, std::uint32_t round_up) : shard_(shard), round_up_(round_up) {
    asked_ = next_ask({});
}

void Lease::resynchronize(const State& state) {
    serial_ = state.serial;
    used_total_ = used_known_ = state.used_total;
    begin_lease();
    serial_known_ = 0;
    asked_ = {};
}

Amount Lease::left_for_emergency(const QuotaTime& time) const {
    if (is_over(time)) return {};
    return granted_ + granted_emergency_ - used_in_lease();
}

Amount Lease::left(const QuotaTime& time) const { return left_for_emergency(time) - kept_; }

Earliest Lease::earliest(const QuotaTime& time, const Want& want) const {
    const Amount usable = want.emergency ? left_for_emergency(time) : left(time);
    if (usable.covers(counted(want.octets))) return {time.now, no_limit};
    const Duration wait = owner_earliest_ - time.calendar;
    if (wait <= Duration{}) return {time.now + round_trip, no_limit};
    return {time.now + std::max<Duration>(wait, round_trip), owner_limit_};
}

void Lease::want(const QuotaTime& time, const Want& want) {
    if (is_over(time)) begin_lease();
    const Amount amount = counted(want.octets);
    if (want.emergency) {
        if (emergency_wanted_.is_nothing()) emergency_wanted_ = amount;
        return;
    }
    if (first_wanted_.is_nothing()) first_wanted_ = amount;
    all_wanted_ += amount;
}

void Lease::charge(const QuotaTime& time, std::uint64_t octets, bool emergency) {
    if (is_over(time)) begin_lease();
    const Amount amount = counted(octets);
    used_total_ += amount;
    if (emergency) kept_ = kept_ - amount;
    touched_at_ = time.now;
    note_pace(time.now, amount);
}

void Lease::charge_more(const QuotaTime& time, std::uint64_t octets) {
    if (is_over(time)) begin_lease();
    used_total_ += Amount{0, rounded_up(octets, round_up_)};
    touched_at_ = time.now;
}

void Lease::begin_lease() {
    ++serial_;
    used_before_ = used_total_;
    granted_ = granted_emergency_ = kept_ = {};
    valid_until_ = WallTime::max();
    owner_earliest_ = {};
    owner_limit_ = no_limit;
}

void Lease::note_pace(Instant now, const Amount& amount) {
    if (now - pace_since_ >= pace_period) {
        pace_before_ = now - pace_since_ >= 2 * pace_period ? Amount{} : pace_now_;
        pace_now_ = {};
        pace_since_ = now;
    }
    pace_now_ += amount;
}

Amount Lease::pace(Instant now) const {
    if (now - pace_since_ >= 2 * pace_period) return {};
    return now - pace_since_ >= pace_period ? pace_now_ : larger(pace_before_, pace_now_);
}

/// Unused for a while: others may need it, even if something waits here that needs more.
bool Lease::is_idle(const QuotaTime& time) const {
    return !left_for_emergency(time).is_nothing() && time.now - touched_at_ >= idle_after;
}

/// In totals of this lease: what was used, and what emergencies keep, is granted or debt already.
LeaseAsk Lease::next_ask(Instant now) const {
    LeaseAsk ask{shard_, serial_, used_before_, used_total_, {}, {}, {}};
    const Amount base = used_in_lease() + kept_;
    const Amount soon = all_wanted_ + pace(now);
    if (!first_wanted_.is_nothing()) ask.least = base + first_wanted_ - granted_emergency_;
    if (!soon.is_nothing()) ask.wanted = base + soon - granted_emergency_;
    if (!emergency_wanted_.is_nothing()) {
        ask.emergency = used_in_lease() + emergency_wanted_ - granted_;
    }
    return ask;
}

bool Lease::is_open() const {
    return serial_known_ != serial_ || used_known_ != used_total_ || !first_wanted_.is_nothing() ||
           !emergency_wanted_.is_nothing();
}

bool Lease::is_due(const LeaseAsk& next, Instant now) const {
    if (next == asked_) return is_open() && now >= asked_at_ + repeat_after;
    const bool is_new = next.serial != asked_.serial || !asked_.least.covers(next.least) ||
                        !asked_.emergency.covers(next.emergency);
    // What counts as leased until it is reported would keep the limit's bucket empty.
    const bool is_used_up = next.used_total != asked_.used_total &&
                            (granted_ + granted_emergency_ - used_in_lease()).messages == 0;
    return is_new || is_used_up || now >= asked_at_ + report_every;
}

std::optional<LeaseAsk> Lease::ask(const QuotaTime& time) {
    if (is_over(time) || is_idle(time)) begin_lease();
    const LeaseAsk next = next_ask(time.now);
    if (!is_due(next, time.now)) return std::nullopt;
    asked_ = next;
    asked_at_ = time.now;
    return next;
}

Instant Lease::look_again_at(const QuotaTime& time) const {
    Instant at = never;
    const LeaseAsk next = next_ask(time.now);
    if (is_due(next, time.now) || is_over(time) || is_idle(time)) return time.now;
    if (next != asked_) {
        at = asked_at_ + report_every;
    } else if (is_open()) {
        at = asked_at_ + repeat_after;
    }
    if (!pace(time.now).is_nothing()) at = std::min(at, pace_since_ + 2 * pace_period);
    if (left_for_emergency(time).is_nothing()) return at;
    at = std::min(at, touched_at_ + idle_after);
    // A window may end farther away than an instant can be.
    const Duration wait = std::min<Duration>(valid_until_ - time.calendar, never - time.now);
    return std::min(at, time.now + wait);
}

bool Lease::on_grant(const LeaseGrant& grant, const QuotaTime& time) {
    if (grant.serial != serial_) return false;
    const Amount before = left_for_emergency(time);
    serial_known_ = grant.serial;
    used_known_ = larger(used_known_, grant.used_total);
    kept_ += grant.granted_emergency - granted_emergency_;
    granted_ = larger(granted_, grant.granted);
    granted_emergency_ = larger(granted_emergency_, grant.granted_emergency);
    valid_until_ = std::min(valid_until_, grant.valid_until);
    owner_earliest_ = grant.earliest;
    owner_limit_ = grant.limit;
    if (before.covers(left_for_emergency(time))) return false;
    touched_at_ = time.now;
    want_nothing();
    return true;
}

}  // namespace scef::quota
