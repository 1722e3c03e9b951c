#pragma once

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// What became of a message to a group, member by member: `limit` and `cursor` of the call's query.
/// The first page counts all members by state, too, so it looks at each of them once.
void list_group_results(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call,
                        const std::string& group, const MessageId& job);

/// A message to a group as it was asked for.
Json group_message_json(const FanOutJob& job);
Json pacing_json(const Pacing& pacing);

}  // namespace scef::adapter
