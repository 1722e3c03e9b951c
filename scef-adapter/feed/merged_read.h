#pragma once

#include <cstdint>

#include "queueing/store/store.h"

namespace scef::adapter {

/// Cold records of one kind over all shards, as if they lay in one list: a page in order of their
/// keys in [from, to), `to` empty: no upper end. Keys begin with a message id, so that is the order
/// of time. Blocks on the disk: one range read per shard.
struct MergedRange {
    queueing::RecordKind kind = queueing::RecordKind::feed_event;
    Bytes from;
    Bytes to;
    bool newest_first = false;
};

/// `more`: there are records behind the page's last one. A page may be shorter than `limit` while
/// there are more; it is never empty then.
Result<queueing::Page> read_merged(queueing::Store& store, std::uint16_t shards,
                                   const MergedRange& range, queueing::PageLimit limit);

}  // namespace scef::adapter
