#include <utility>

#include "scef-adapter/engine/scope_quotas.h"

/// What is said of shared scopes to those who ask.
namespace scef::adapter {

ScopeView ScopeQuotas::view(const std::string& name, const quota::QuotaTime& time) const {
    ScopeView view;
    view.scope = name;
    const auto found = scopes_.find(name);
    if (found == scopes_.end()) return view;
    const Scope& scope = found->second;
    view.is_given = !scope.given.empty();
    if (scope.quota == nullptr) return view;
    view.quota = scope.quota->first;
    view.config = &scope.quota->second;
    for (std::size_t i = 0; i < directions; ++i) {
        const Side& side = scope.sides[i];
        if (!side.budget) continue;
        ScopeView::Side& shown = view.sides[i];
        shown.limits = side.budget->uses(time);
        shown.leased = side.budget->outstanding();
        shown.exhausted_until = side.budget->exhausted_until(time);
        for (const auto& [shard, state] : side.shards_stored) shown.used_total += state.used_total;
    }
    return view;
}

ScopeHold ScopeQuotas::hold_until(const Scope& scope, Direction direction,
                                  const quota::Earliest& earliest) {
    const QuotaConfig& quota = scope.quota->second;
    return {earliest.at, scope.name, quota::limit_name(limits_of(quota, direction), earliest.limit),
            quota.on_exhausted == QuotaConfig::OnExhausted::reject, quota.quota_reject_code};
}

std::optional<ScopeHold> ScopeQuotas::hold_by_owner(const std::string& name,
                                                    const quota::QuotaTime& time,
                                                    const quota::Want& want) const {
    const auto found = scopes_.find(name);
    if (found == scopes_.end()) return std::nullopt;
    const Side& side = found->second.sides[static_cast<std::size_t>(Direction::downlink)];
    if (!side.budget) return std::nullopt;
    const quota::Earliest earliest = side.budget->earliest(time, want);
    if (earliest.at <= time.now) return std::nullopt;
    return hold_until(found->second, Direction::downlink, earliest);
}

}  // namespace scef::adapter
