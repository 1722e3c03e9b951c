#pragma once

#include <functional>
#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/message_lookup.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// `/messages` and the messages of a device: enqueue, replace, look at, cancel, purge.
/// Thread-safe.
class MessageResource {
public:
    MessageResource(ShardAccess& shards, ColdReader& cold, std::function<WallTime()> wall)
        : shards_(shards), cold_(cold), lookup_(shards, cold), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void enqueue(const ApiCallPtr& call, bool takes_every_place);
    void list(const ApiCallPtr& call);
    void list_of_device(const ApiCallPtr& call);
    void purge(const ApiCallPtr& call);
    void show(const ApiCallPtr& call);
    void timeline(const ApiCallPtr& call);
    void cancel(const ApiCallPtr& call);
    void answer_enqueued(const ApiCallPtr& call, const CommandDone& done, bool replaces,
                         HeaderFields fields);
    void answer_uncanceled(const ApiCallPtr& call, const MessageId& id);

    ShardAccess& shards_;
    ColdReader& cold_;
    MessageLookup lookup_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
