#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/quotas/{scope}/usage`: what was charged, for whoever bills it. Thread-safe.
class UsageResource {
public:
    UsageResource(ShardAccess& shards, ColdReader& cold, LiveConfig config,
                  std::function<WallTime()> wall)
        : shards_(shards), cold_(cold), config_(std::move(config)), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void show(const ApiCallPtr& call) const;

    ShardAccess& shards_;
    ColdReader& cold_;
    LiveConfig config_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
