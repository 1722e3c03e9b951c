#pragma once

#include <cstdint>
#include <optional>

#include "quota/device_quota.h"
#include "quota/lease_messages.h"
#include "quota/quota_limits.h"

namespace scef::quota {

/// What one shard may use of a SharedBudget (group, SCEF, account; one direction). Messages are
/// asked frame by frame.
///
/// How the engine of a shard uses it: `earliest` beside the device's own quota; if that is later
/// than now, `want` and hold the message. `charge` with SUBMITTING, `state` into the same batch. At
/// the end of a turn `ask`, which goes to the owner behind the batch. When a grant comes and
/// `on_grant` says so, look at what waits again. A timer at `look_again_at`. Pure.
class Lease {
public:
    explicit Lease(std::uint32_t shard, std::uint32_t round_up = 1);

    /// Now, if what is left covers it; else when the owner said and which limit binds until then,
    /// or soon if it has not said.
    Earliest earliest(const QuotaTime& time, const Want& want) const;
    /// Something waits: the next ask is for it too.
    void want(const QuotaTime& time, const Want& want);
    /// What waits is told anew.
    void want_nothing() { first_wanted_ = all_wanted_ = emergency_wanted_ = {}; }
    /// Counts a frame, leased or not; what is not is debt that the owner hears of. Never undone.
    void charge(const QuotaTime& time, std::uint64_t octets, bool emergency = false);
    /// More octets of a frame that is charged already.
    bool has_room_for_more(const QuotaTime& time, std::uint64_t octets) const {
        return left(time).octets >= rounded_up(octets, round_up_);
    }
    void charge_more(const QuotaTime& time, std::uint64_t octets);

    /// What the owner must hear now, if anything.
    std::optional<LeaseAsk> ask(const QuotaTime& time);
    /// When `ask` has something to say again, if nothing happens before.
    Instant look_again_at(const QuotaTime& time) const;
    /// Whether there is more to use than before.
    bool on_grant(const LeaseGrant& grant, const QuotaTime& time);

    /// What is left for ordinary messages, and for emergencies.
    Amount left(const QuotaTime& time) const;
    Amount left_for_emergency(const QuotaTime& time) const;

    /// Stored with each charge and before each ask. What was granted is not: a shard that starts
    /// again begins a new lease, and the owner takes back what the old one had.
    struct State {
        std::uint64_t serial = 0;
        Amount used_total;
        friend bool operator==(const State&, const State&) = default;
    };
    State state() const { return {serial_, used_total_}; }
    /// At start, also if nothing was stored. The next ask ends the lease of the former process.
    void resynchronize(const State& state);

    static constexpr Duration idle_after = std::chrono::seconds(2);  ///< unused goes back
    static constexpr Duration report_every = std::chrono::seconds(1);
    static constexpr Duration repeat_after = std::chrono::seconds(5);  ///< without an answer

private:
    void begin_lease();
    bool is_over(const QuotaTime& time) const { return time.calendar >= valid_until_; }
    bool is_idle(const QuotaTime& time) const;
    bool is_open() const;
    bool is_due(const LeaseAsk& next, Instant now) const;
    Amount used_in_lease() const { return used_total_ - used_before_; }
    Amount counted(std::uint64_t octets) const { return {1, rounded_up(octets, round_up_)}; }
    void note_pace(Instant now, const Amount& amount);
    Amount pace(Instant now) const;
    LeaseAsk next_ask(Instant now) const;

    std::uint32_t shard_;
    std::uint32_t round_up_;
    std::uint64_t serial_ = 1;
    Amount used_before_, used_total_;

    // Of this lease, in this process only.
    Amount granted_, granted_emergency_;
    Amount kept_;  ///< of `granted_emergency_`, not used by an emergency yet
    WallTime valid_until_ = WallTime::max();
    WallTime owner_earliest_{};
    LimitIndex owner_limit_ = no_limit;
    Instant touched_at_{};  ///< the last grant or use

    // What waits since the last grant: the first, all, and the first emergency.
    Amount first_wanted_, all_wanted_, emergency_wanted_;

    // Use in two periods, by which a slice grows and shrinks.
    Amount pace_before_, pace_now_;
    Instant pace_since_{};

    LeaseAsk asked_;  ///< the last one
    Instant asked_at_{};
    std::uint64_t serial_known_ = 1;  ///< by the owner, as far as it matters
    Amount used_known_;
};

}  // namespace scef::quota
