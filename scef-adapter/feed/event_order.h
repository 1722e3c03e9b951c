#pragma once

#include <vector>

#include "lwm2m-core/vocabulary/message_id.h"
#include "queueing/store/store.h"

namespace scef::adapter {

/// Puts the events of all shards in one order, that of their ids: an event leaves once no shard can
/// have an earlier one any more. Pure.
class EventOrder {
public:
    /// Events that are on stable storage, as their records.
    void add(std::vector<queueing::StoredRecord> events);
    /// Those of whole milliseconds before `watermark`: no id before that comes any more.
    std::vector<queueing::StoredRecord> take_before(WallTime watermark);
    bool empty() const { return waiting_.empty(); }

private:
    std::vector<queueing::StoredRecord> waiting_;
};

/// The events among the records of a turn.
std::vector<queueing::StoredRecord> events_of(const queueing::Batch& batch);

/// The id that is the key of an event's record.
MessageId id_of(const queueing::StoredRecord& event);

}  // namespace scef::adapter
