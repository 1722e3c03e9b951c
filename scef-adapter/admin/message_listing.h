#pragma once

#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/runtime/shard_access.h"

/// Lists of messages in pages: `limit`, `cursor` and `state` of the call's query, answered with
/// `{items, next}`. Open messages come first, oldest first, then ended ones, newest first. A
/// message that ends between two pages may be seen twice or not at all.
namespace scef::adapter {

/// Ended messages that one request looks at, at most, when most of them do not fit: a page may then
/// be short or empty and `next` still go on.
inline constexpr std::size_t ended_messages_scanned_max = 5000;

/// All messages, shard after shard; "oldest" and "newest" hold within a shard.
void list_messages(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call);

/// The messages of one device; 404 if there is no such device. Ended ones are found among those of
/// its shard.
void list_messages_of(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call,
                      const ExternalId& device);

}  // namespace scef::adapter
