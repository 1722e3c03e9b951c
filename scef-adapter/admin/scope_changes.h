#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// Gives shared scopes another quota in every shard, one change after the other: so two at the same
/// time leave all shards with the same one. Thread-safe; never blocks.
class ScopeChanges {
public:
    explicit ScopeChanges(ShardAccess& shards) : shards_(shards) {}

    /// Called once, on any thread, when every shard has recorded it, or with the refusal, which is
    /// that of all shards.
    using Done = std::function<void(const Status&)>;
    void run(SetQuota change, AuditNote note, Done done);

private:
    struct Pending {
        SetQuota change;
        AuditNote note;  ///< kept by the shard that owns the scope
        Done done;
    };
    class Round;

    void begin(Pending pending);
    void end();

    ShardAccess& shards_;
    std::mutex mutex_;
    bool is_busy_ = false;
    std::deque<Pending> waiting_;
};

}  // namespace scef::adapter
