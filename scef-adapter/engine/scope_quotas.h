#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quota/lease.h"
#include "quota/shared_budget.h"
#include "scef-adapter/engine/device.h"
#include "scef-adapter/engine/effects.h"
#include "scef-adapter/engine/waiting_devices.h"

namespace scef::adapter {

/// Why a shared scope does not let a frame pass.
struct ScopeHold {
    Instant until{};       ///< `never` as long as the scope's owner has not said
    std::string scope;     ///< `group:meters`
    std::string limit;     ///< `100 messages per hour, 10 at once`; empty if only the owner knows
    bool rejects = false;  ///< the limit is known, and the scope's quota rejects what it holds
    std::uint8_t reject_code = 0;
};

/// A shared scope for those who ask. Uses, leases and totals are only known to its owner.
struct ScopeView {
    std::string scope;
    std::string quota;      ///< its name, or its text; empty: unlimited
    bool is_given = false;  ///< at run time, and not by the configuration
    const QuotaConfig* config = nullptr;
    struct Side {
        std::vector<quota::LimitUse> limits;
        quota::Amount leased;                     ///< to shards, and not reported as used
        quota::Amount used_total;                 ///< ever
        std::optional<WallTime> exhausted_until;  ///< so said the SCEF
    };
    std::array<Side, directions> sides;
};

/// Of one direction.
inline const quota::QuotaLimits& limits_of(const QuotaConfig& quota, Direction direction) {
    return direction == Direction::downlink ? quota.downlink : quota.uplink;
}

/// The shard that keeps the whole of a scope's quota.
ShardId owner_of_scope(std::string_view scope, std::uint16_t shards);

/// The quotas of scopes wider than a device, as one shard keeps them: `account`, `scef:NAME` and
/// `group:NAME`. A shard may use what the scope's owner leased to it (quota::Lease); the owner is
/// the shard that the scope's name hashes to, and keeps the whole (quota::SharedBudget). What they
/// say to each other leaves as an effect, behind the records of its turn, also if both are this
/// shard.
///
/// Life of a message: `hold` says whether all scopes of its device let it pass; if not, `want`
/// notes the device with those that are short. `close_turn` asks the owner. Its grant comes by
/// `on_word`, and `next_ready` names the devices to look at again, in fair order, as long as
/// something is left. `charge` counts what leaves, in the batch of its turn.
///
/// Part of an Engine: pure, called by its thread only.
class ScopeQuotas {
public:
    ScopeQuotas(ShardId shard, std::shared_ptr<const Config> config);

    // ---- Start: records, then `start`.
    bool restore(queueing::RecordKind kind, ByteView key, ByteView value);
    void start(const quota::QuotaTime& time);

    // ---- Frames of a device
    /// All that do not let it pass, and of these the one that decides.
    std::vector<ScopeHold> holds(const Device& device, Direction direction,
                                 const quota::QuotaTime& time, const quota::Want& want) const;
    std::optional<ScopeHold> hold(const Device& device, Direction direction,
                                  const quota::QuotaTime& time, const quota::Want& want) const;
    /// False if it was known of all that are short.
    bool want(const Device& device, const quota::QuotaTime& time, const quota::Want& want);
    void charge(const Device& device, Direction direction, const quota::QuotaTime& time,
                std::uint64_t octets, bool emergency = false);
    bool has_room_for_more(const Device& device, const quota::QuotaTime& time,
                           std::uint64_t octets) const;
    void charge_more(const Device& device, const quota::QuotaTime& time, std::uint64_t octets);
    /// The SCEF lets nothing of its own pass until then; the owner of its scope will hear.
    void exhaust_scef(std::size_t scef, const quota::QuotaTime& time, Instant until, Effects& out);

    // ---- Words of other shards
    void on_word(const LeaseWord& word, const quota::QuotaTime& time);
    /// How many devices wait for a scope, and the next one to look at while something is left
    /// there.
    std::size_t waiting(const std::string& scope) const;
    std::optional<queueing::DeviceIndex> next_ready(const std::string& scope,
                                                    const quota::QuotaTime& time);
    /// After those: what the others wait for is told to the owner again.
    void ask_again(const std::string& scope, const quota::QuotaTime& time);

    // ---- Operators
    /// Gives a scope a quota, by name or text; empty: as configured. Recorded in this turn; every
    /// shard must be told. Who waited (`take_waiting`) is to be looked at again.
    Status set(const std::string& scope, const std::string& quota, const quota::QuotaTime& time,
               queueing::Batch& batch);
    std::vector<queueing::DeviceIndex> take_waiting(const std::string& scope);
    /// Another configuration with the same SCEFs. Nobody waits for a scope any more: who has
    /// messages is to be looked at again.
    void rebind(std::shared_ptr<const Config> config, const quota::QuotaTime& time);
    ScopeView view(const std::string& scope, const quota::QuotaTime& time) const;
    /// Asked of its owner: why a scope would lease nothing for a frame to a device now. What other
    /// shards wait for is not looked at.
    std::optional<ScopeHold> hold_by_owner(const std::string& scope, const quota::QuotaTime& time,
                                           const quota::Want& want) const;
    ShardId owner_of(std::string_view scope) const {
        return owner_of_scope(scope, config_->shards);
    }

    // ---- End of a turn: asks, grants, records.
    void close_turn(const quota::QuotaTime& time, Effects& out);
    Instant next_deadline() const { return deadline_; }

private:
    struct Side {
        std::optional<quota::Lease> lease;
        std::optional<quota::SharedBudget> budget;  ///< at the owner
        quota::Lease::State lease_stored;
        quota::AccountState<WallTime> budget_stored;
        std::map<std::uint32_t, quota::SharedBudget::ShardState> shards_stored;
        bool is_touched = false;
        Instant due = never;
    };
    struct Scope {
        std::string name;
        std::string given;                  ///< at run time; empty: as configured
        const NamedQuota* quota = nullptr;  ///< in force
        std::array<Side, directions> sides;
        Side& side(Direction direction) { return sides[static_cast<std::size_t>(direction)]; }
        const Side& side(Direction direction) const {
            return sides[static_cast<std::size_t>(direction)];
        }
        WaitingDevices waiting;  ///< for the downlink
    };

    std::string quota_in_configuration(const std::string& name) const;
    Scope& scope_named(const std::string& name);
    void bind(Scope& scope, const quota::QuotaTime& time);
    void bind_side(Scope& scope, Direction direction, const quota::QuotaTime& time);
    void touch(Side& side);
    template <typename Each>
    void for_each_scope(const Device& device, Each each) const;
    std::optional<ScopeHold> hold_of(const Scope& scope, Direction direction,
                                     const quota::QuotaTime& time, const quota::Want& want) const;
    static ScopeHold hold_until(const Scope& scope, Direction direction,
                                const quota::Earliest& earliest);
    void close_lease(const Scope& scope, Direction direction, Side& side,
                     const quota::QuotaTime& time, Effects& out);
    void close_budget(const Scope& scope, Direction direction, Side& side,
                      const quota::QuotaTime& time, Effects& out);

    ShardId shard_;
    std::shared_ptr<const Config> config_;
    std::map<std::string, Scope, std::less<>> scopes_;  ///< nodes stay where they are
    Scope* account_ = nullptr;
    std::vector<Scope*> scefs_;
    std::map<std::string, Scope*, std::less<>> groups_;
    bool any_limited_ = false;
    bool any_touched_ = false;
    Instant deadline_ = never;
};

}  // namespace scef::adapter
