#pragma once

#include <vector>

#include "scef-adapter/engine/engine.h"
#include "scef-adapter/metrics/metric_writer.h"

/// Quotas of shared scopes as numbers. Only scopes that the configuration names: the account, its
/// SCEFs, and the groups in `quota_scopes`; never a device.
namespace scef::adapter {

/// Those of which this engine's shard is the owner, and that have limits now.
std::vector<ScopeView> quotas_owned_by(const Engine& engine, const quota::QuotaTime& time);

void write_quotas(MetricWriter& out, const std::vector<ScopeView>& scopes, WallTime wall);

}  // namespace scef::adapter
