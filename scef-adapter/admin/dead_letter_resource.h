#pragma once

#include <vector>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/message_lookup.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// What may be other in a repetition than it was.
struct ReplayChanges {
    std::optional<Duration> ttl;
    std::optional<WallTime> not_before;
    std::optional<queueing::Priority> priority;
};

/// `/deadletters`: messages whose attempts are exhausted, and messages that ended without delivery
/// sent again. Thread-safe.
class DeadLetterResource {
public:
    DeadLetterResource(ShardAccess& shards, ColdReader& cold, std::function<WallTime()> wall)
        : shards_(shards), cold_(cold), lookup_(shards, cold), wall_(std::move(wall)) {}

    /// Its rows of the table; they refer to this.
    std::vector<Route> routes();

private:
    void list(const ApiCallPtr& call);
    void replay_one(const ApiCallPtr& call);
    void replay_many(const ApiCallPtr& call);
    void answer_replayed(const ApiCallPtr& call, const CommandDone& done);

    ShardAccess& shards_;
    ColdReader& cold_;
    MessageLookup lookup_;
    std::function<WallTime()> wall_;
};

}  // namespace scef::adapter
