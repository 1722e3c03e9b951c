#pragma once

#include <vector>

#include "scef-adapter/admin/router.h"
#include "scef-adapter/config/live_config.h"
#include "scef-adapter/doctor/doctor_access.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/scefs`: which there are, and their examination. Thread-safe.
class ScefResource {
public:
    ScefResource(ShardAccess& shards, DoctorAccess& doctor, LiveConfig config)
        : shards_(shards), doctor_(doctor), config_(std::move(config)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void list(const ApiCallPtr& call) const;
    void examine(const ApiCallPtr& call);
    void report(const ApiCallPtr& call);
    /// The place of the SCEF that the path names.
    Result<std::size_t> scef_of(const ApiCall& call) const;

    ShardAccess& shards_;
    DoctorAccess& doctor_;
    LiveConfig config_;
};

}  // namespace scef::adapter
