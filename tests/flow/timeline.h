#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queueing/message.h"
#include "queueing/store/store.h"
#include "scef-adapter/engine/feed_event.h"

namespace scef::flow {

/// One entry of a message's timeline, as an operator reads it.
struct Moment {
    queueing::MessageState state;
    queueing::DeviceLeg leg;
    queueing::DeliveryLevel level;
    queueing::Reason reason;
    std::uint32_t attempts;
    std::string detail;
};

/// What is stored of a message's life, oldest first.
std::vector<Moment> timeline_of(queueing::Store& store, const MessageId& id);

/// The events of a shard, oldest first.
std::vector<adapter::FeedEvent> events_in(queueing::Store& store, ShardId shard);

/// Whether one of the entries has that detail.
bool tells(const std::vector<Moment>& timeline, const std::string& detail);

}  // namespace scef::flow
