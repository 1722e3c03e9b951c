#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/groups`: members of groups, and messages to all of them. Thread-safe.
class GroupResource {
public:
    GroupResource(ShardAccess& shards, ColdReader& cold, std::function<WallTime()> wall)
        : shards_(shards), cold_(cold), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void show(const ApiCallPtr& call);
    void set(const ApiCallPtr& call);
    void remove(const ApiCallPtr& call);
    void send(const ApiCallPtr& call);
    void cancel(const ApiCallPtr& call);
    void results(const ApiCallPtr& call);

    ShardAccess& shards_;
    ColdReader& cold_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
