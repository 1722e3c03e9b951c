#pragma once

#include <memory>
#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/admin/scope_changes.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/engine/quota_scope.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/quotas/{scope}`: what is used of a quota, and which one a scope has. Thread-safe.
class QuotaResource {
public:
    QuotaResource(ShardAccess& shards, LiveConfig config)
        : shards_(shards), config_(std::move(config)), changes_(shards) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void show(const ApiCallPtr& call);
    void set(const ApiCallPtr& call);
    void set_device(const ApiCallPtr& call, const ExternalId& device, SetQuota change);
    void set_shared(const ApiCallPtr& call, SetQuota change);
    void answer_shared(const ApiCallPtr& call, const std::string& scope);

    ShardAccess& shards_;
    LiveConfig config_;
    ScopeChanges changes_;
};

}  // namespace scef::adapter
