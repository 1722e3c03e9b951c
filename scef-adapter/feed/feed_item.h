#pragma once

#include <memory>
#include <string>

#include "queueing/store/store.h"
#include "scef-adapter/engine/feed_event.h"

namespace scef::adapter {

/// An event as it leaves the adapter, made once for all who are told. Immutable.
struct FeedItem {
    MessageId id;
    std::string type;
    std::string device;  ///< External Identifier
    std::string json;    ///< the whole event as one line, `id` and `type` included
};
using FeedItemPtr = std::shared_ptr<const FeedItem>;

FeedItem feed_item(const FeedEvent& event);
/// What cannot be read is told as an event of type `unreadable`, so that nothing is left out in
/// silence.
FeedItemPtr feed_item(const queueing::StoredRecord& record);

}  // namespace scef::adapter
