#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "quota/device_quota.h"
#include "quota/lease_messages.h"
#include "quota/limit_account.h"

namespace scef::quota {

/// The limits of a scope that is wider than a device (group, SCEF, account; one direction), owned
/// by one shard and leased to all in slices. What is leased counts as used until its shard says
/// otherwise: against the burst of a rate and the amount of an allowance. So in any window W the
/// shards send at most rate * W + burst, and in a calendar window at most the amount, whatever is
/// lost, repeated, late or crashes; beyond go only frames that may not be held back.
///
/// How the owner's engine uses it: `on_ask`, then at the end of the turn `grants`, which leave
/// behind the batch with `state` and the `shard_state` of all that `take_changed` names. A timer at
/// `look_again_at`. Pure.
class SharedBudget {
public:
    /// The limits must outlive this. The reserve (0 to 1) of each is leased only to emergencies.
    explicit SharedBudget(const QuotaLimits& limits, double emergency_reserve = 0,
                          WallTime effective_since = {});
    explicit SharedBudget(const QuotaLimits&& limits, double = 0, WallTime = {}) = delete;

    void on_ask(const LeaseAsk& ask, const QuotaTime& time);
    /// Answers, and grants to those that waited: emergencies first, then one frame for each shard
    /// in turn. While nobody waits, up to a quarter of what is there ahead of need.
    std::vector<LeaseGrant> grants(const QuotaTime& time);
    /// When `grants` may have something for those that wait.
    Instant look_again_at() const { return look_again_at_; }
    /// The SCEF said that nothing passes until then.
    void exhaust_until(const QuotaTime& time, Instant until) {
        account_.exhaust_until(time, until);
    }

    /// When so much can be leased, if nobody else waits. Exceptions are of devices only.
    Earliest earliest(const QuotaTime& time, const Want& want) const {
        return account_.earliest(time, counted(account_.limits(), want.messages, want.octets),
                                 want.emergency ? 0 : emergency_reserve_);
    }
    /// Leases count as used.
    std::vector<LimitUse> uses(const QuotaTime& time) const { return account_.uses(time); }
    std::optional<WallTime> exhausted_until(const QuotaTime& time) const {
        return account_.exhausted_until(time);
    }
    Amount outstanding() const { return outstanding_; }

    /// What the owner knows of a shard's lease. Stored when it changes.
    struct ShardState {
        std::uint64_t serial = 0;
        Amount used_before, used_total;
        Amount granted, granted_emergency;
        WallTime granted_at{};  ///< the first time in this lease
        friend bool operator==(const ShardState&, const ShardState&) = default;

        Amount outstanding() const {
            return granted + granted_emergency - (used_total - used_before);
        }
    };
    std::set<std::uint32_t> take_changed() { return std::exchange(changed_, {}); }
    const ShardState& shard_state(std::uint32_t shard) const { return entries_.at(shard).state; }
    void restore_shard(std::uint32_t shard, const ShardState& state);
    AccountState<WallTime> state(const QuotaTime& time) const { return account_.state(time); }
    void restore(const AccountState<WallTime>& state, const QuotaTime& time) {
        account_.restore(state, time);
    }

private:
    struct Entry {
        ShardState state;
        LeaseAsk ask;
        bool waits = false;
        bool is_answered = true;
    };

    void end_lease(Entry& entry, const LeaseAsk& ask, const QuotaTime& time);
    void note_used(Entry& entry, const Amount& used_total, const QuotaTime& time);
    void enqueue(std::uint32_t shard, Entry& entry);
    bool has_ended(const Entry& entry, const QuotaTime& time) const;
    Earliest serve(Entry& entry, const QuotaTime& time);
    void serve_queue(const QuotaTime& time);
    void give_ahead(Entry& entry, const QuotaTime& time);
    void give(Entry& entry, Amount& pot, const Amount& amount, const QuotaTime& time);
    LeaseGrant answer(const Entry& entry) const;
    void tell_when(std::vector<LeaseGrant>& answers, const QuotaTime& time) const;

    LimitAccount account_;
    double emergency_reserve_;
    std::map<std::uint32_t, Entry> entries_;
    std::deque<std::uint32_t> queue_;       ///< that wait for their least
    std::vector<std::uint32_t> to_answer_;  ///< in the order of their asks
    std::set<std::uint32_t> changed_;
    Amount outstanding_;
    Instant look_again_at_ = never;
};

}  // namespace scef::quota
