#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/messages:batch`: up to 1000 messages in one request, each judged as if it came alone, and
/// answered in the order of the request. Thread-safe.
class BatchResource {
public:
    BatchResource(ShardAccess& shards, std::function<WallTime()> wall)
        : shards_(shards), wall_(std::move(wall)) {}

    /// Its row of the table; it refers to this.
    std::vector<Route> routes();

private:
    void enqueue(const ApiCallPtr& call);

    ShardAccess& shards_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
