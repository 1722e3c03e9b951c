#pragma once

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// Gives a group exactly these members, device by device, and these settings; answers 200 with what
/// became of each. Not all or nothing: asked again, it goes on.
void set_group(ShardAccess& shards, const ApiCallPtr& call, const std::string& group,
               std::vector<ExternalId> members, std::optional<GroupSettings> settings);

/// Takes all members out and forgets the settings; 204, or 404 if there is neither.
void delete_group(ShardAccess& shards, const ApiCallPtr& call, const std::string& group);

}  // namespace scef::adapter
