#include "tests/flow/timeline.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "queueing/record.h"

namespace scef::flow {

using namespace queueing;

std::vector<Moment> timeline_of(Store& store, const MessageId& id) {
    std::vector<Moment> moments;
    const auto page = store.read({id.shard(), RecordKind::timeline, {}, {}, false}, {100'000});
    for (const StoredRecord& record : page->records) {
        if (!std::equal(id.octets().begin(), id.octets().end(), record.key.begin())) continue;
        RecordReader reader(record.value);
        EXPECT_EQ(reader.number<std::uint8_t>(), 1) << "another version of the record";
        reader.time();
        Moment moment{};
        moment.state = reader.enumerator(MessageState::unconfirmed);
        moment.leg = reader.enumerator(DeviceLeg::done);
        moment.level = reader.enumerator(DeliveryLevel::coap);
        moment.reason = reader.enumerator(Reason::last);
        moment.attempts = reader.number<std::uint32_t>();
        moment.detail = reader.text();
        EXPECT_TRUE(reader.ok());
        moments.push_back(moment);
    }
    return moments;
}

std::vector<adapter::FeedEvent> events_in(Store& store, ShardId shard) {
    std::vector<adapter::FeedEvent> events;
    const auto page = store.read({shard, RecordKind::feed_event, {}, {}, false}, {100'000});
    for (const StoredRecord& record : page->records) {
        auto event = adapter::feed_event_from_record(record.key, record.value);
        EXPECT_TRUE(event) << "a record of an event that cannot be read";
        if (event) events.push_back(std::move(*event));
    }
    return events;
}

bool tells(const std::vector<Moment>& timeline, const std::string& detail) {
    return std::any_of(timeline.begin(), timeline.end(),
                       [&](const Moment& moment) { return moment.detail == detail; });
}

}  // namespace scef::flow
