#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `POST /messages:dryRun`: what would become of a message. Nothing is stored or charged.
/// Thread-safe.
class DryRunResource {
public:
    DryRunResource(ShardAccess& shards, std::function<WallTime()> wall)
        : shards_(shards), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void run(const ApiCallPtr& call);

    ShardAccess& shards_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
