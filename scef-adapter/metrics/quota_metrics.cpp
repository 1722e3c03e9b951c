#include "scef-adapter/metrics/quota_metrics.h"

#include <set>
#include <string>

#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

double number(std::uint64_t value) { return static_cast<double>(value); }

/// Two equal limits of one quota are one series.
void write_side(MetricWriter& out, const std::string& scope, Direction direction,
                const std::vector<quota::LimitUse>& limits) {
    std::set<std::string> seen;
    for (const quota::LimitUse& use : limits) {
        if (!seen.insert(use.name).second) continue;
        const MetricLabels labels{
            {"scope", scope}, {"direction", std::string(name_of(direction))}, {"limit", use.name}};
        out.gauge("quota_limit",
                  "Limits of shared scopes, in messages or octets as the limit says; of a rate the "
                  "burst.",
                  number(use.limit), labels);
        out.gauge("quota_used",
                  "Of these limits, what is used, and what shards hold to be used soon.",
                  number(use.used), labels);
        out.gauge("quota_remaining", "Of these limits, what may pass now.", number(use.remaining),
                  labels);
    }
}

}  // namespace

std::vector<ScopeView> quotas_owned_by(const Engine& engine, const quota::QuotaTime& time) {
    std::vector<ScopeView> views;
    for (const std::string& name : shared_scopes(engine.config())) {
        if (engine.scope_quotas().owner_of(name) != engine.shard()) continue;
        ScopeView view = engine.scope_quotas().view(name, time);
        if (view.config != nullptr) views.push_back(std::move(view));
    }
    return views;
}

void write_quotas(MetricWriter& out, const std::vector<ScopeView>& scopes) {
    for (const ScopeView& scope : scopes) {
        for (const Direction direction : {Direction::downlink, Direction::uplink}) {
            const ScopeView::Side& side = scope.sides[static_cast<std::size_t>(direction)];
            write_side(out, scope.scope, direction, side.limits);
        }
    }
}

}  // namespace scef::adapter
