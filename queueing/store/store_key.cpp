#include "queueing/store/store_key.h"

#include "lwm2m-core/vocabulary/message_id.h"

namespace scef::queueing {

Bytes store_key(ShardId shard, RecordKind kind, ByteView key) {
    Bytes stored;
    stored.reserve(key_prefix_size + key.size());
    stored.push_back(static_cast<std::uint8_t>(shard >> 8));
    stored.push_back(static_cast<std::uint8_t>(shard & 0xffu));
    stored.push_back(static_cast<std::uint8_t>(kind));
    stored.insert(stored.end(), key.begin(), key.end());
    return stored;
}

Bytes shard_prefix(ShardId shard) {
    return {static_cast<std::uint8_t>(shard >> 8), static_cast<std::uint8_t>(shard & 0xffu)};
}

Bytes prefix_end(ByteView prefix) {
    Bytes end(prefix.begin(), prefix.end());
    while (!end.empty() && end.back() == 0xff) end.pop_back();
    if (!end.empty()) ++end.back();
    return end;
}

ShardId shard_of(ByteView stored_key) {
    return static_cast<ShardId>(stored_key[0] << 8 | stored_key[1]);
}

RecordKind kind_of(ByteView stored_key) { return static_cast<RecordKind>(stored_key[2]); }

ByteView own_key(ByteView stored_key) { return stored_key.subspan(key_prefix_size); }

KeyRange key_range(const Range& range) {
    KeyRange keys;
    keys.first = store_key(range.shard, range.kind, range.from);
    keys.last = range.to.empty() ? prefix_end(store_key(range.shard, range.kind, {}))
                                 : store_key(range.shard, range.kind, range.to);
    return keys;
}

Bytes forget_end(ByteView stored_key, WallTime horizon) {
    return store_key(shard_of(stored_key), kind_of(stored_key), MessageId::floor(horizon).octets());
}

}  // namespace scef::queueing
