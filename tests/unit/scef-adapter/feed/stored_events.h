#pragma once

#include "queueing/store/memory_store.h"
#include "scef-adapter/engine/feed_event.h"

namespace scef::adapter::test {

/// A memory store of a few shards.
inline std::unique_ptr<queueing::MemoryStore> memory_store(std::uint16_t shards) {
    queueing::StoreOptions options;
    options.shards = shards;
    return *queueing::MemoryStore::open(std::make_shared<queueing::MemoryDisk>(), options);
}

/// An event of a shard with an id of that time, as its record.
inline queueing::StoredRecord event_at(ShardId shard, WallTime wall, Random& random) {
    FeedEvent event;
    event.id = MessageId::make(shard, Turn{Instant{}, wall, random});
    event.device = "meter@iot.example";
    event.at = wall;
    event.what = OpaqueUplink{{1, 2, 3}};
    return {{event.id.octets().begin(), event.id.octets().end()}, to_record(event)};
}

inline void put(queueing::Store& store, ShardId shard, const queueing::StoredRecord& event) {
    queueing::Batch batch;
    batch.shard = shard;
    batch.put(queueing::RecordKind::feed_event, event.key, event.value);
    store.commit(std::move(batch), [](const Status&) {});
}

}  // namespace scef::adapter::test
