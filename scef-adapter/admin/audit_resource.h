#pragma once

#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/audit`: who changed what, newest first. Thread-safe.
class AuditResource {
public:
    AuditResource(ShardAccess& shards, ColdReader& cold) : shards_(shards), cold_(cold) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void list(const ApiCallPtr& call);
    void answer_page(const ApiCall& call, std::size_t limit, const MessageId& before);

    ShardAccess& shards_;
    ColdReader& cold_;
};

}  // namespace scef::adapter
