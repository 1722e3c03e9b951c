#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/backups.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/store/backups`: makes backups of the running store and lists them. Thread-safe.
class StoreResource {
public:
    /// `shards` must outlive this.
    StoreResource(ShardAccess& shards, LiveConfig config, std::function<WallTime()> wall)
        : shards_(shards), backups_(shards.store(), std::move(config)), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void make(const ApiCallPtr& call);
    void list(const ApiCallPtr& call) const;

    ShardAccess& shards_;
    Backups backups_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
