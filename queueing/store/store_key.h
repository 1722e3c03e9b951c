#pragma once

#include <cstddef>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/batch.h"
#include "queueing/store/store.h"

namespace scef::queueing {

/// Octets before the caller's own key: shard (2, big-endian) and kind (1).
inline constexpr std::size_t key_prefix_size = 3;

/// The key under which an engine keeps a record: shard ‖ kind ‖ key. Their order is the order of
/// shard, kind, key, so a shard, and a kind in it, lie together.
Bytes store_key(ShardId shard, RecordKind kind, ByteView key);

/// The first two octets of every key of a shard.
Bytes shard_prefix(ShardId shard);

/// The smallest key behind all those that begin with `prefix`, which has an octet below 0xff.
Bytes prefix_end(ByteView prefix);

/// The caller's view of a key that `store_key` made.
ShardId shard_of(ByteView stored_key);
RecordKind kind_of(ByteView stored_key);
ByteView own_key(ByteView stored_key);

/// Stored keys [first, last) of a range read.
struct KeyRange {
    Bytes first;
    Bytes last;
};
KeyRange key_range(const Range& range);

/// The end of what `forget_before(horizon)` forgets in the shard and kind of `stored_key`.
Bytes forget_end(ByteView stored_key, WallTime horizon);

}  // namespace scef::queueing
