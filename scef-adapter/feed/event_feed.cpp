#include "scef-adapter/feed/event_feed.h"

#include <algorithm>
#include <utility>

#include "scef-adapter/feed/merged_read.h"

namespace scef::adapter {
namespace {

using Clock = std::chrono::steady_clock;

EventFeed::Options with_defaults(EventFeed::Options options) {
    if (!options.wall) {
        options.wall = [] {
            return WallTime(std::chrono::duration_cast<Duration>(
                std::chrono::system_clock::now().time_since_epoch()));
        };
    }
    return options;
}

Bytes key_after(const MessageId& id) {
    Bytes key(id.octets().begin(), id.octets().end());
    key.push_back(0);
    return key;
}

}  // namespace

EventFeed::EventFeed(queueing::Store& store, Options options)
    : store_(store), options_(with_defaults(std::move(options))), marks_(options_.shards) {}

EventFeed::~EventFeed() { stop(); }

void EventFeed::stop() {
    thread_ = {};
    Waiters left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(waiters_);
    }
    for (Waiter& waiter : left) waiter.done();
}

Status EventFeed::open() {
    const MergedRange newest{queueing::RecordKind::feed_event, {}, {}, true};
    auto page = read_merged(store_, options_.shards, newest, {1});
    if (!page) return tl::unexpected<Error>(std::move(page.error()));
    if (!page->records.empty()) newest_ = newest_forgotten_ = id_of(page->records.front());
    thread_ = std::jthread([this](const std::stop_token& stopped) { run(stopped); });
    return {};
}

void EventFeed::publish(std::vector<queueing::StoredRecord> events) {
    const std::lock_guard lock(mutex_);
    order_.add(std::move(events));
    changed_.notify_one();
}

/// The clock first: a shard that is idle afterwards gives no id before that.
WallTime EventFeed::watermark() const {
    WallTime least = options_.wall();
    for (const TurnMark& mark : marks_) least = std::min(least, mark.read());
    return least;
}

void EventFeed::run(const std::stop_token& stopped) {
    std::unique_lock lock(mutex_);
    while (!stopped.stop_requested()) {
        // The marks before the events: what was handed in before a mark went up is in `order_`.
        lock.unlock();
        const WallTime until = watermark();
        lock.lock();
        tell(order_.take_before(until));
        Waiters due = take_due();
        if (!due.empty()) {
            lock.unlock();
            for (Waiter& waiter : due) waiter.done();
            lock.lock();
            continue;
        }
        if (!order_.empty()) {
            changed_.wait_for(lock, stopped, options_.pause, [] { return false; });
            continue;
        }
        auto next = Clock::time_point::max();
        for (const Waiter& waiter : waiters_) next = std::min(next, waiter.until);
        const std::size_t waiting = waiters_.size();
        const auto is_called = [&] { return !order_.empty() || waiters_.size() != waiting; };
        if (next == Clock::time_point::max()) {
            changed_.wait(lock, stopped, is_called);
        } else {
            changed_.wait_until(lock, stopped, next, is_called);
        }
    }
}

void EventFeed::tell(std::vector<queueing::StoredRecord> events) {
    for (queueing::StoredRecord& event : events) {
        const MessageId id = id_of(event);
        items_.push_back({id, std::move(event), nullptr});
        newest_ = std::max(newest_, id);
    }
    while (items_.size() > options_.kept_in_memory) {
        newest_forgotten_ = std::max(newest_forgotten_, items_.front().id);
        items_.pop_front();
        ++first_sequence_;
    }
}

EventFeed::Waiters EventFeed::take_due() {
    const auto now = Clock::now();
    const auto due = std::partition(waiters_.begin(), waiters_.end(), [&](const Waiter& waiter) {
        return waiter.sequence >= end_sequence() && waiter.until > now;
    });
    Waiters taken(std::make_move_iterator(due), std::make_move_iterator(waiters_.end()));
    waiters_.erase(due, waiters_.end());
    return taken;
}

// ---- Readers

FeedPosition EventFeed::end() const {
    const std::lock_guard lock(mutex_);
    return {newest_, end_sequence()};
}

/// Where in memory a position is; nothing if something behind it is in the store alone.
std::optional<std::uint64_t> EventFeed::sequence_of(const FeedPosition& position) const {
    if (position.sequence != 0) {
        if (position.sequence < first_sequence_) return std::nullopt;
        return std::min(position.sequence, end_sequence());
    }
    const auto same = std::find_if(items_.rbegin(), items_.rend(),
                                   [&](const Told& told) { return told.id == position.after; });
    if (same != items_.rend()) {
        return first_sequence_ + static_cast<std::uint64_t>(items_.rend() - same);
    }
    if (position.after < newest_forgotten_) return std::nullopt;
    const auto behind = std::find_if(items_.begin(), items_.end(),
                                     [&](const Told& told) { return told.id > position.after; });
    return first_sequence_ + static_cast<std::uint64_t>(behind - items_.begin());
}

std::optional<FeedPage> EventFeed::read_memory(const FeedPosition& position,
                                               std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    const auto sequence = sequence_of(position);
    if (!sequence) return std::nullopt;
    FeedPage page;
    const auto from = static_cast<std::ptrdiff_t>(*sequence - first_sequence_);
    const auto count =
        static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(limit, end_sequence() - *sequence));
    for (auto told = items_.begin() + from; told != items_.begin() + from + count; ++told) {
        if (!told->item) {
            told->item = feed_item(told->record);
            told->record = {};
        }
        page.items.push_back(told->item);
    }
    page.next.after = page.items.empty() ? position.after : page.items.back()->id;
    page.next.sequence = *sequence + static_cast<std::uint64_t>(count);
    return page;
}

Result<FeedPage> EventFeed::read_store(const FeedPosition& position, std::size_t limit) {
    MessageId told;
    {
        const std::lock_guard lock(mutex_);
        told = newest_;
    }
    // Not beyond what was told: between stored events an earlier one may still come.
    const MergedRange range{queueing::RecordKind::feed_event, key_after(position.after),
                            key_after(told), false};
    auto found = read_merged(store_, options_.shards, range, {limit});
    if (!found) return tl::unexpected<Error>(std::move(found.error()));
    FeedPage page;
    page.next.after = found->more ? position.after : std::max(position.after, told);
    for (const queueing::StoredRecord& record : found->records) {
        page.items.push_back(feed_item(record));
    }
    if (found->more) page.next.after = page.items.back()->id;
    return page;
}

Result<FeedPage> EventFeed::read(const FeedPosition& position, std::size_t limit) {
    if (auto page = read_memory(position, limit)) return std::move(*page);
    return read_store(position, limit);
}

void EventFeed::wait(const FeedPosition& position, Clock::duration patience,
                     std::function<void()> done) {
    const std::lock_guard lock(mutex_);
    const auto sequence = sequence_of(position).value_or(0);
    waiters_.push_back({sequence, Clock::now() + patience, std::move(done)});
    changed_.notify_one();
}

std::uint64_t EventFeed::told() const {
    const std::lock_guard lock(mutex_);
    return end_sequence() - 1;
}

}  // namespace scef::adapter
