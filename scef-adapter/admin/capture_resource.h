#pragma once

#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/devices/{externalId}/capture`: the datagrams and frames of one device, as they pass
/// (Captures). Thread-safe.
class CaptureResource {
public:
    explicit CaptureResource(ShardAccess& shards) : shards_(shards) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void read(const ApiCallPtr& call);

    ShardAccess& shards_;
};

}  // namespace scef::adapter
