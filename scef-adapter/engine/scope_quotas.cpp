#include "scef-adapter/engine/scope_quotas.h"

#include <algorithm>
#include <utility>

#include "scef-adapter/engine/quota_scope.h"
#include "scef-adapter/engine/scope_records.h"

namespace scef::adapter {

using queueing::DeviceIndex;
using queueing::RecordKind;

namespace {

/// Of those that wait, so many are told to the owner at once: it gives no more at once either.
constexpr std::size_t told_at_once = 64;
constexpr std::array<Direction, directions> both{Direction::downlink, Direction::uplink};

bool is_limited(const quota::QuotaLimits& limits) {
    return !limits.messages.empty() || !limits.allowances.empty();
}

}  // namespace

// ---- Which scopes there are

ShardId owner_of_scope(std::string_view scope, std::uint16_t shards) {
    return static_cast<ShardId>(stable_hash(scope) % shards);
}

ScopeQuotas::ScopeQuotas(ShardId shard, std::shared_ptr<const Config> config)
    : shard_(shard), config_(std::move(config)), scefs_(config_->scefs.size(), nullptr) {
    for (const std::string& name : shared_scopes(*config_)) {
        if (!quota_in_configuration(name).empty()) scope_named(name);
    }
}

/// Empty also for the scope of a SCEF that the configuration has no more.
std::string ScopeQuotas::quota_in_configuration(const std::string& name) const {
    const auto scope = quota_scope_named(name, *config_);
    return scope ? configured_quota(*config_, *scope) : std::string();
}

ScopeQuotas::Scope& ScopeQuotas::scope_named(const std::string& name) {
    const auto [place, is_new] = scopes_.try_emplace(name);
    Scope& scope = place->second;
    if (!is_new) return scope;
    scope.name = name;
    const auto named = quota_scope_named(name, *config_);
    if (!named) return scope;
    if (named->kind == QuotaScope::Kind::account) account_ = &scope;
    if (named->kind == QuotaScope::Kind::group) groups_.emplace(named->group, &scope);
    if (named->kind == QuotaScope::Kind::scef) scefs_[named->scef] = &scope;
    return scope;
}

template <typename Each>
void ScopeQuotas::for_each_scope(const Device& device, Each each) const {
    if (!any_limited_) return;
    for (const std::string& group : device.spec.groups) {
        const auto found = groups_.find(group);
        if (found != groups_.end()) each(*found->second);
    }
    if (Scope* scef = scefs_[device.scef]) each(*scef);
    if (account_ != nullptr) each(*account_);
}

// ---- Start, and what an operator changes

bool ScopeQuotas::restore(RecordKind kind, ByteView key, ByteView value) {
    const auto place = scope_key(kind, key);
    if (!place) return false;
    Scope& scope = scope_named(place->scope);
    Side& side = scope.side(place->direction);
    switch (kind) {
        case RecordKind::scope_quota:
            return read_record(value, scope.given);
        case RecordKind::lease:
            return read_record(value, side.lease_stored);
        case RecordKind::budget:
            return read_record(value, side.budget_stored);
        case RecordKind::budget_shard:
            return read_record(value, side.shards_stored[place->shard]);
        default:
            return false;
    }
}

void ScopeQuotas::start(const quota::QuotaTime& time) {
    for (auto& [name, scope] : scopes_) bind(scope, time);
}

void ScopeQuotas::bind(Scope& scope, const quota::QuotaTime& time) {
    const auto quota = find_quota(
        *config_, scope.given.empty() ? quota_in_configuration(scope.name) : scope.given);
    scope.quota = quota ? *quota : nullptr;  // none, or a name that the configuration has no more
    for (const Direction direction : both) bind_side(scope, direction, time);
    any_limited_ = std::any_of(scopes_.begin(), scopes_.end(),
                               [](const auto& entry) { return entry.second.quota != nullptr; });
}

/// What was counted goes on under the new limits. A lease begins anew, so that the owner takes back
/// what the old one had.
void ScopeQuotas::bind_side(Scope& scope, Direction direction, const quota::QuotaTime& time) {
    Side& side = scope.side(direction);
    if (side.lease) side.lease_stored = side.lease->state();
    if (side.budget) side.budget_stored = side.budget->state(time);
    side.lease.reset();
    side.budget.reset();
    side.due = never;
    if (scope.quota == nullptr || !is_limited(limits_of(scope.quota->second, direction))) return;
    const quota::QuotaLimits& limits = limits_of(scope.quota->second, direction);
    side.lease.emplace(shard_, limits.round_up);
    side.lease->resynchronize(side.lease_stored);
    if (owner_of(scope.name) == shard_) {
        side.budget.emplace(limits, scope.quota->second.emergency_reserve);
        side.budget->restore(side.budget_stored, time);
        for (const auto& [shard, state] : side.shards_stored) {
            side.budget->restore_shard(shard, state);
        }
    }
    touch(side);
}

void ScopeQuotas::rebind(std::shared_ptr<const Config> config, const quota::QuotaTime& time) {
    config_ = std::move(config);
    for (const std::string& name : shared_scopes(*config_)) {
        if (!quota_in_configuration(name).empty()) scope_named(name);
    }
    for (auto& [name, scope] : scopes_) {
        (void)scope.waiting.take_all();
        bind(scope, time);
    }
}

Status ScopeQuotas::set(const std::string& name, const std::string& quota,
                        const quota::QuotaTime& time, queueing::Batch& batch) {
    if (const auto scope = quota_scope_named(name, *config_); !scope) {
        return tl::unexpected<Error>(scope.error());
    }
    if (!quota.empty()) {
        const auto found = find_quota(*config_, quota);
        if (!found) return tl::unexpected<Error>(found.error());
        const QuotaConfig& limits = (*found)->second;
        if (limits.downlink.exceptions || limits.uplink.exceptions) {
            return fail(Errc::invalid_argument,
                        "exceptions: only a device can have them; leave them out");
        }
    }
    Scope& scope = scope_named(name);
    scope.given = quota;
    Bytes key = scope_key(RecordKind::scope_quota, {name, Direction::downlink, 0});
    if (quota.empty()) {
        batch.erase(RecordKind::scope_quota, std::move(key));
    } else {
        batch.put(RecordKind::scope_quota, std::move(key), record_of(quota));
    }
    bind(scope, time);
    return {};
}

// ---- Frames

std::optional<ScopeHold> ScopeQuotas::hold_of(const Scope& scope, Direction direction,
                                              const quota::QuotaTime& time,
                                              const quota::Want& want) const {
    const Side& side = scope.side(direction);
    if (!side.lease) return std::nullopt;
    const quota::Earliest earliest = side.lease->earliest(time, want);
    if (earliest.at <= time.now) return std::nullopt;
    if (earliest.limit != quota::no_limit) return hold_until(scope, direction, earliest);
    const quota::QuotaLimits& limits = limits_of(scope.quota->second, direction);
    const bool is_one = limits.messages.size() + limits.allowances.size() == 1;
    return ScopeHold{never, scope.name, is_one ? quota::limit_name(limits, 0) : "", false, 0};
}

std::vector<ScopeHold> ScopeQuotas::holds(const Device& device, Direction direction,
                                          const quota::QuotaTime& time,
                                          const quota::Want& want) const {
    std::vector<ScopeHold> holds;
    for_each_scope(device, [&](const Scope& scope) {
        if (auto hold = hold_of(scope, direction, time, want)) holds.push_back(std::move(*hold));
    });
    return holds;
}

std::optional<ScopeHold> ScopeQuotas::hold(const Device& device, Direction direction,
                                           const quota::QuotaTime& time,
                                           const quota::Want& want) const {
    std::optional<ScopeHold> last;
    for (ScopeHold& hold : holds(device, direction, time, want)) {
        // One that rejects decides; else the one that is known to hold longest.
        const bool decides = !last || (hold.rejects && !last->rejects);
        const bool tells_more = last && hold.rejects == last->rejects && hold.until != never &&
                                (last->until == never || hold.until > last->until);
        if (decides || tells_more) last = std::move(hold);
    }
    return last;
}

bool ScopeQuotas::want(const Device& device, const quota::QuotaTime& time,
                       const quota::Want& want) {
    bool is_new = false;
    for_each_scope(device, [&](Scope& scope) {
        Side& side = scope.side(Direction::downlink);
        if (!side.lease || side.lease->earliest(time, want).at <= time.now) return;
        if (!scope.waiting.add(device.index, want)) return;
        is_new = true;
        side.lease->want(time, want);
        touch(side);
    });
    return is_new;
}

void ScopeQuotas::charge(const Device& device, Direction direction, const quota::QuotaTime& time,
                         std::uint64_t octets, bool emergency) {
    for_each_scope(device, [&](Scope& scope) {
        Side& side = scope.side(direction);
        if (!side.lease) return;
        side.lease->charge(time, octets, emergency);
        touch(side);
    });
}

bool ScopeQuotas::has_room_for_more(const Device& device, const quota::QuotaTime& time,
                                    std::uint64_t octets) const {
    bool has_room = true;
    for_each_scope(device, [&](const Scope& scope) {
        const auto& lease = scope.side(Direction::downlink).lease;
        has_room = has_room && (!lease || lease->has_room_for_more(time, octets));
    });
    return has_room;
}

void ScopeQuotas::charge_more(const Device& device, const quota::QuotaTime& time,
                              std::uint64_t octets) {
    for_each_scope(device, [&](Scope& scope) {
        Side& side = scope.side(Direction::downlink);
        if (!side.lease) return;
        side.lease->charge_more(time, octets);
        touch(side);
    });
}

void ScopeQuotas::exhaust_scef(std::size_t scef, const quota::QuotaTime& time, Instant until,
                               Effects& out) {
    const Scope* scope = scefs_[scef];
    if (scope == nullptr || !scope->sides[0].lease) return;
    const WallTime end = time.calendar + (until - time.now);
    out.effects.emplace_back(SendLeaseWord{
        owner_of(scope->name), {scope->name, Direction::downlink, ScopeExhausted{end}}});
}

// ---- Words

void ScopeQuotas::touch(Side& side) {
    side.is_touched = true;
    any_touched_ = true;
}

void ScopeQuotas::on_word(const LeaseWord& word, const quota::QuotaTime& time) {
    const auto found = scopes_.find(word.scope);
    if (found == scopes_.end()) return;
    Side& side = found->second.side(word.direction);
    const auto* grant = std::get_if<quota::LeaseGrant>(&word.word);
    if (grant != nullptr ? !side.lease : !side.budget) return;
    if (grant != nullptr) {
        side.lease->on_grant(*grant, time);
    } else if (const auto* ask = std::get_if<quota::LeaseAsk>(&word.word)) {
        side.budget->on_ask(*ask, time);
    } else if (const auto* told = std::get_if<ScopeExhausted>(&word.word)) {
        side.budget->exhaust_until(time, time.now + (told->until - time.calendar));
    }
    touch(side);
}

std::size_t ScopeQuotas::waiting(const std::string& scope) const {
    const auto found = scopes_.find(scope);
    return found == scopes_.end() ? 0 : found->second.waiting.size();
}

std::optional<DeviceIndex> ScopeQuotas::next_ready(const std::string& name,
                                                   const quota::QuotaTime& time) {
    const auto found = scopes_.find(name);
    if (found == scopes_.end()) return std::nullopt;
    Scope& scope = found->second;
    const auto& lease = scope.side(Direction::downlink).lease;
    const bool rejects =
        lease && scope.quota->second.on_exhausted == QuotaConfig::OnExhausted::reject;
    if (lease && !rejects && lease->left_for_emergency(time).messages == 0) return std::nullopt;
    return scope.waiting.take_first();
}

void ScopeQuotas::ask_again(const std::string& name, const quota::QuotaTime& time) {
    const auto found = scopes_.find(name);
    if (found == scopes_.end() || found->second.waiting.size() == 0) return;
    Side& side = found->second.side(Direction::downlink);
    if (!side.lease) return;
    side.lease->want_nothing();
    found->second.waiting.for_first(told_at_once,
                                    [&](const quota::Want& want) { side.lease->want(time, want); });
    touch(side);
}

std::vector<DeviceIndex> ScopeQuotas::take_waiting(const std::string& name) {
    const auto found = scopes_.find(name);
    if (found == scopes_.end()) return {};
    return found->second.waiting.take_all();
}

// ---- The end of a turn

void ScopeQuotas::close_turn(const quota::QuotaTime& time, Effects& out) {
    if (!std::exchange(any_touched_, false) && time.now < deadline_) return;
    deadline_ = never;
    for (auto& [name, scope] : scopes_) {
        for (const Direction direction : both) {
            Side& side = scope.side(direction);
            if (std::exchange(side.is_touched, false) || side.due <= time.now) {
                side.due = never;
                if (side.lease) close_lease(scope, direction, side, time, out);
                if (side.budget) close_budget(scope, direction, side, time, out);
            }
            deadline_ = std::min(deadline_, side.due);
        }
    }
}

void ScopeQuotas::close_lease(const Scope& scope, Direction direction, Side& side,
                              const quota::QuotaTime& time, Effects& out) {
    if (const auto ask = side.lease->ask(time)) {
        out.effects.emplace_back(
            SendLeaseWord{owner_of(scope.name), {scope.name, direction, *ask}});
    }
    if (const auto state = side.lease->state(); state != side.lease_stored) {
        side.lease_stored = state;
        out.batch.put(RecordKind::lease, scope_key(RecordKind::lease, {scope.name, direction, 0}),
                      record_of(state));
    }
    side.due = std::min(side.due, side.lease->look_again_at(time));
}

void ScopeQuotas::close_budget(const Scope& scope, Direction direction, Side& side,
                               const quota::QuotaTime& time, Effects& out) {
    for (const quota::LeaseGrant& grant : side.budget->grants(time)) {
        out.effects.emplace_back(
            SendLeaseWord{static_cast<ShardId>(grant.shard), {scope.name, direction, grant}});
    }
    for (const std::uint32_t shard : side.budget->take_changed()) {
        const auto& state = side.shards_stored[shard] = side.budget->shard_state(shard);
        out.batch.put(RecordKind::budget_shard,
                      scope_key(RecordKind::budget_shard, {scope.name, direction, shard}),
                      record_of(state));
    }
    if (auto state = side.budget->state(time); state != side.budget_stored) {
        side.budget_stored = state;
        out.batch.put(RecordKind::budget, scope_key(RecordKind::budget, {scope.name, direction, 0}),
                      record_of(state));
    }
    side.due = std::min(side.due, side.budget->look_again_at());
}

}  // namespace scef::adapter
