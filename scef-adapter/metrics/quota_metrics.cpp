#include "scef-adapter/metrics/quota_metrics.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>
#include <string>

#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

/// Two equal limits of one quota are one series.
void write_side(MetricWriter& out, const ScopeView& scope, Direction direction, WallTime wall) {
    const auto& side = scope.sides[static_cast<std::size_t>(direction)];
    std::set<std::string> seen;
    for (const quota::LimitUse& use : side.limits) {
        if (!seen.insert(use.name).second) continue;
        const bool counts_messages = use.unit == quota::Unit::messages;
        const MetricLabels labels{{"scope", scope.scope},
                                  {"direction", std::string(name_of(direction))},
                                  {"unit", counts_messages ? "messages" : "octets"},
                                  {"limit", use.name}};
        out.value("quota_limit", use.limit, labels);
        out.value("quota_used", use.used, labels);
        out.value("quota_remaining", use.remaining, labels);
        double left = std::numeric_limits<double>::infinity();
        if (use.exhausted_at) {
            left = std::chrono::duration<double>(*use.exhausted_at - wall).count();
        }
        out.value("quota_forecast_seconds", std::max(left, 0.0), labels);
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

void write_quotas(MetricWriter& out, const std::vector<ScopeView>& scopes, WallTime wall) {
    for (const ScopeView& scope : scopes) {
        for (const Direction direction : {Direction::downlink, Direction::uplink}) {
            write_side(out, scope, direction, wall);
        }
    }
}

}  // namespace scef::adapter
