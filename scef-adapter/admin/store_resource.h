#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/backups.h"
#include "scef-adapter/admin/router.h"

namespace scef::adapter {

/// `/store/backups`: makes backups of the running store and lists them. Thread-safe.
class StoreResource {
public:
    StoreResource(queueing::Store& store, LiveConfig config, std::function<WallTime()> wall)
        : backups_(store, std::move(config)), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void make(const ApiCallPtr& call);
    void list(const ApiCallPtr& call) const;

    Backups backups_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
