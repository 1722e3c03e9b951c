#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "queueing/store/store.h"
#include "scef-adapter/feed/event_order.h"
#include "scef-adapter/feed/feed_item.h"
#include "scef-adapter/feed/turn_mark.h"

namespace scef::adapter {

/// How far somebody has read the feed.
struct FeedPosition {
    MessageId after;             ///< the last event read; empty: none
    std::uint64_t sequence = 0;  ///< of the next one in this process's memory; 0: not known
};

struct FeedPage {
    std::vector<FeedItemPtr> items;
    FeedPosition next;
};

/// All events of the adapter in one order (docs/life-of-a-message.md, "Events"). Shards hand in
/// what is on stable storage; readers come with a position and take what is behind it, the last few
/// thousand events from memory, older ones from the store, so that a slow reader costs nothing and
/// a reader that comes back misses nothing within `store.retention`.
///
/// An event may be told twice to a reader that resumes; ids tell which. Should the machine's clock
/// step back over a restart, events of the time that is lived twice are told to those who listen,
/// but a reader that resumes then may miss them.
///
/// Thread-safe. Waiters are called on the feed's own thread and must not block.
class EventFeed {
public:
    struct Options {
        std::uint16_t shards = 1;
        std::size_t kept_in_memory = 8192;
        std::function<WallTime()> wall;  ///< default: the system's clock
        std::chrono::milliseconds pause = std::chrono::milliseconds(2);  ///< while events wait
    };

    EventFeed(queueing::Store& store, Options options);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    /// Learns where the stored events end; blocks on the disk. Before shards and readers come.
    Status open();

    /// Ends its thread and calls those who still wait.
    void stop();

    TurnMark& mark(ShardId shard) { return marks_[shard]; }
    /// Events that are on stable storage now. Lower the shard's mark afterwards, not before.
    void publish(std::vector<queueing::StoredRecord> events);

    /// Behind the newest event: what comes from now on.
    FeedPosition end() const;
    /// What is behind a position, if memory holds all of that; an empty page: nothing yet.
    std::optional<FeedPage> read_memory(const FeedPosition& position, std::size_t limit) const;
    /// From the store, for positions that are further back. Blocks on the disk.
    Result<FeedPage> read_store(const FeedPosition& position, std::size_t limit);
    /// Either, as the position needs. Blocks on the disk if it is far back.
    Result<FeedPage> read(const FeedPosition& position, std::size_t limit);

    /// Calls `done` once: as soon as there is something behind `position`, or after `patience`.
    void wait(const FeedPosition& position, std::chrono::steady_clock::duration patience,
              std::function<void()> done);

    /// Events told since the start.
    std::uint64_t told() const;

private:
    struct Waiter {
        std::uint64_t sequence;
        std::chrono::steady_clock::time_point until;
        std::function<void()> done;
    };
    using Waiters = std::vector<Waiter>;
    /// An event in memory: as its record until somebody reads it. Most are never read.
    struct Told {
        MessageId id;
        queueing::StoredRecord record;  ///< empty once the item is made
        FeedItemPtr item;
    };

    void run(const std::stop_token& stopped);
    void tell(std::vector<queueing::StoredRecord> events);
    WallTime watermark() const;
    std::optional<std::uint64_t> sequence_of(const FeedPosition& position) const;
    std::uint64_t end_sequence() const { return first_sequence_ + items_.size(); }
    Waiters take_due();

    queueing::Store& store_;
    const Options options_;
    std::vector<TurnMark> marks_;

    mutable std::mutex mutex_;
    std::condition_variable_any changed_;
    EventOrder order_;
    /// In the order in which they were told; readers, too, make items.
    mutable std::deque<Told> items_;
    std::uint64_t first_sequence_ = 1;  ///< of items_.front()
    MessageId newest_;                  ///< the highest id told or stored before
    MessageId newest_forgotten_;        ///< the highest id that is not in memory any more
    Waiters waiters_;
    std::jthread thread_;  ///< last: it uses the others
};

}  // namespace scef::adapter
