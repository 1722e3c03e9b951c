#pragma once

#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/devices/{externalId}:trace`: the log of one device in full, for a while. Thread-safe.
class TraceResource {
public:
    /// `shards` must outlive this.
    explicit TraceResource(ShardAccess& shards) : shards_(shards) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void trace(const ApiCallPtr& call);

    ShardAccess& shards_;
};

}  // namespace scef::adapter
