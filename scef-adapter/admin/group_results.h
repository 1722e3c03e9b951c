#pragma once

#include <functional>
#include <string>

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// What became of a message to a group, member by member: `limit` and `cursor` of the call's query.
/// The first page counts all members by state, too, so it looks at each of them once.
void list_group_results(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call,
                        const std::string& group, const MessageId& job);

/// A message to a group as the store has it; `not_found` if it is none of this group. `done` is
/// called once, on any thread.
void read_group_message(ShardAccess& shards, ColdReader& cold, const std::string& group,
                        const MessageId& job, std::function<void(Result<FanOutJob>)> done);

/// `running`, `done`, `canceling` or `canceled`.
std::string_view fan_out_state(const FanOutJob& job, bool is_open);

/// A message to a group as it was asked for.
Json group_message_json(const FanOutJob& job);
Json pacing_json(const Pacing& pacing);

}  // namespace scef::adapter
