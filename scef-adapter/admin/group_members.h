#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scef-adapter/runtime/shard_access.h"

/// Who is in a group: asked of all shards, each on its own thread.
namespace scef::adapter {

/// How many members each shard has that has some, and the settings of the group.
struct GroupCensus {
    std::vector<FanOutJob::Share> shares;
    std::optional<GroupSettings> settings;
    std::uint64_t members() const;
};
void count_group(ShardAccess& shards, const std::string& group,
                 std::function<void(GroupCensus)> done);

/// Up to `limit` members from a place on: a shard and the index of a device there.
struct MemberPage {
    std::vector<ExternalId> members;
    bool more = false;  ///< and the next begins at `shard`, `from`
    ShardId shard = 0;
    queueing::DeviceIndex from = 0;
};
void page_of_group(ShardAccess& shards, const std::string& group, ShardId shard,
                   queueing::DeviceIndex from, std::size_t limit,
                   std::function<void(MemberPage)> done);

}  // namespace scef::adapter
