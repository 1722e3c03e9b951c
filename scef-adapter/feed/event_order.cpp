#include "scef-adapter/feed/event_order.h"

#include <algorithm>
#include <iterator>

namespace scef::adapter {

MessageId id_of(const queueing::StoredRecord& event) { return MessageId::from_octets(event.key); }

std::vector<queueing::StoredRecord> events_of(const queueing::Batch& batch) {
    std::vector<queueing::StoredRecord> events;
    for (const queueing::RecordWrite& write : batch.writes) {
        if (write.kind != queueing::RecordKind::feed_event || !write.value) continue;
        events.push_back({write.key, *write.value});
    }
    return events;
}

void EventOrder::add(std::vector<queueing::StoredRecord> events) {
    std::move(events.begin(), events.end(), std::back_inserter(waiting_));
}

std::vector<queueing::StoredRecord> EventOrder::take_before(WallTime watermark) {
    const WallTime horizon = whole_milliseconds(watermark);
    const auto end = std::partition(waiting_.begin(), waiting_.end(), [&](const auto& event) {
        return id_of(event).created_at() < horizon;
    });
    std::vector<queueing::StoredRecord> ready(std::make_move_iterator(waiting_.begin()),
                                              std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    std::sort(ready.begin(), ready.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    return ready;
}

}  // namespace scef::adapter
