#pragma once

#include <memory>
#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/devices`: provisioning, and what is known of each device. Thread-safe.
class DeviceResource {
public:
    DeviceResource(ShardAccess& shards, LiveConfig config)
        : shards_(shards), config_(std::move(config)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void list(const ApiCallPtr& call);
    void create(const ApiCallPtr& call);
    void show(const ApiCallPtr& call);
    void replace(const ApiCallPtr& call);
    void remove(const ApiCallPtr& call);
    void pause(const ApiCallPtr& call, bool paused);
    void wake(const ApiCallPtr& call);
    void provision(const ApiCallPtr& call, DeviceSpec spec, bool replace);
    /// Answers with the device as it is now, or with the command's error.
    ShardAccess::Done answer_with_device(const ApiCallPtr& call, const ExternalId& id);

    ShardAccess& shards_;
    LiveConfig config_;
};

/// The External Identifier in a path.
Result<ExternalId> external_id_of(const ApiCall& call);

}  // namespace scef::adapter
