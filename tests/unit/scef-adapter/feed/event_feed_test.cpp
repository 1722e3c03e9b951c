#include "scef-adapter/feed/event_feed.h"

#include <atomic>
#include <future>
#include <set>

#include <gtest/gtest.h>

#include "tests/unit/scef-adapter/feed/stored_events.h"

namespace scef::adapter::test {
namespace {

using namespace std::chrono_literals;

const WallTime noon{std::chrono::hours(500'000)};

/// A feed over four shards whose clock the test sets.
class EventFeedTest : public testing::Test {
protected:
    EventFeedTest() { open(8192); }

    void open(std::size_t kept) {
        dut.reset();
        EventFeed::Options options;
        options.shards = 4;
        options.kept_in_memory = kept;
        options.wall = [this] { return WallTime(Duration(clock.load())); };
        dut = std::make_unique<EventFeed>(*store, std::move(options));
        ASSERT_TRUE(dut->open());
    }

    void set_clock(WallTime time) { clock = time.time_since_epoch().count(); }

    /// One that is on stable storage and handed in.
    MessageId event(ShardId shard, WallTime wall) {
        const auto record = event_at(shard, wall, random);
        put(*store, shard, record);
        dut->publish({record});
        return id_of(record);
    }

    /// All that is behind a position once it has `count` events.
    std::vector<MessageId> read(FeedPosition position, std::size_t count) {
        std::vector<MessageId> ids;
        while (ids.size() < count) {
            const auto page = dut->read(position, 7);
            if (!page) {
                ADD_FAILURE() << page.error().message;
                return ids;
            }
            for (const FeedItemPtr& item : page->items) ids.push_back(item->id);
            if (page->items.empty() && page->next.sequence != 0) wait_behind(page->next);
            position = page->next;
        }
        return ids;
    }

    void wait_behind(const FeedPosition& position) {
        std::promise<void> called;
        dut->wait(position, 10s, [&] { called.set_value(); });
        called.get_future().wait();
    }

    SeededRandom random{3};
    std::unique_ptr<queueing::MemoryStore> store = memory_store(4);
    std::atomic<Duration::rep> clock{(noon + 1h).time_since_epoch().count()};
    std::unique_ptr<EventFeed> dut;
};

TEST_F(EventFeedTest, events_of_all_shards_come_in_one_order) {
    dut->mark(3).begin(noon);  // holds all back, until the three are there
    const MessageId second = event(2, noon + 2ms);
    const MessageId third = event(1, noon + 3ms);
    const MessageId first = event(3, noon + 1ms);
    EXPECT_TRUE(dut->read_memory({}, 10)->items.empty());
    dut->mark(3).set(TurnMark::idle);
    EXPECT_EQ(read({}, 3), (std::vector{first, second, third}));
    EXPECT_EQ(dut->told(), 3u);
}

TEST_F(EventFeedTest, an_open_turn_of_another_shard_holds_what_is_later_back) {
    dut->mark(1).set(noon + 5ms);
    const MessageId early = event(0, noon + 4ms);
    event(0, noon + 6ms);
    EXPECT_EQ(read({}, 1), std::vector{early});
    EXPECT_TRUE(dut->read_memory({early, 0}, 10)->items.empty());
}

TEST_F(EventFeedTest, nothing_is_told_before_its_time) {
    set_clock(noon);
    const MessageId ahead = event(0, noon + 10s);
    EXPECT_TRUE(dut->read_memory({}, 10)->items.empty());
    set_clock(noon + 11s);
    EXPECT_EQ(read({}, 1), std::vector{ahead});
}

TEST_F(EventFeedTest, a_reader_goes_on_from_the_store_where_memory_ends) {
    open(10);
    std::vector<MessageId> all;
    for (int i = 0; i < 100; ++i) {
        all.push_back(event(static_cast<ShardId>(i % 4), noon + i * 1ms));
    }
    EXPECT_EQ(read({}, 100), all);
    EXPECT_FALSE(dut->read_memory({all[20], 0}, 10)) << "memory keeps ten";
    const auto tail = read({all[20], 0}, 79);
    EXPECT_EQ(tail, std::vector(all.begin() + 21, all.end()));
}

TEST_F(EventFeedTest, after_a_restart_a_reader_misses_nothing_and_gets_nothing_twice) {
    std::vector<MessageId> all;
    for (int i = 0; i < 20; ++i) {
        all.push_back(event(static_cast<ShardId>(i % 4), noon + i * 1ms));
    }
    EXPECT_EQ(read({}, 20), all);
    open(8192);
    EXPECT_EQ(dut->end().after, all.back());
    all.push_back(event(2, noon + 1min));
    EXPECT_EQ(read({all[4], 0}, 16), std::vector(all.begin() + 5, all.end()));
    EXPECT_EQ(read(dut->end(), 0), std::vector<MessageId>{});
}

TEST_F(EventFeedTest, a_reader_from_now_on_gets_what_comes) {
    event(0, noon);
    read({}, 1);
    const FeedPosition end = dut->end();
    const MessageId next = event(1, noon + 1ms);
    EXPECT_EQ(read(end, 1), std::vector{next});
}

TEST_F(EventFeedTest, who_listens_gets_an_event_whose_id_is_earlier_than_the_last) {
    event(0, noon + 10ms);
    read({}, 1);
    const FeedPosition end = dut->end();
    const MessageId stepped_back = event(1, noon);
    EXPECT_EQ(read(end, 1), std::vector{stepped_back});
}

TEST_F(EventFeedTest, patience_ends_a_wait) {
    std::promise<void> called;
    dut->wait(dut->end(), 1ms, [&] { called.set_value(); });
    called.get_future().wait();
}

TEST_F(EventFeedTest, the_end_of_the_feed_calls_who_waits) {
    std::atomic<int> called{0};
    dut->wait(dut->end(), 1h, [&] { ++called; });
    dut.reset();
    EXPECT_EQ(called, 1);
}

/// Shards and readers at the same time, with marks as a shard uses them.
TEST_F(EventFeedTest, what_many_threads_hand_in_comes_once_and_in_order) {
    constexpr int events_per_shard = 300;
    dut.reset();
    EventFeed::Options options;
    options.shards = 4;
    options.kept_in_memory = 64;  // readers fall back to the store now and then
    dut = std::make_unique<EventFeed>(*store, std::move(options));
    ASSERT_TRUE(dut->open());
    std::vector<std::thread> shards;
    for (ShardId shard = 0; shard < 4; ++shard) {
        shards.emplace_back([this, shard] {
            SeededRandom own(shard);
            MessageId last;
            for (int i = 0; i < events_per_shard; ++i) {
                dut->mark(shard).begin(last.empty() ? WallTime{} : last.created_at());
                const WallTime wall(std::chrono::system_clock::now().time_since_epoch());
                MessageId id = MessageId::make(shard, Turn{Instant{}, wall, own});
                if (id <= last) id = last.next();
                last = id;
                FeedEvent event;
                event.id = id;
                event.at = wall;
                event.what = OpaqueUplink{{1}};
                const queueing::StoredRecord record{{id.octets().begin(), id.octets().end()},
                                                    to_record(event)};
                dut->mark(shard).set(id.created_at());
                put(*store, shard, record);
                dut->publish({record});
                dut->mark(shard).set(TurnMark::idle);
            }
        });
    }
    const auto ids = read({}, 4 * events_per_shard);
    for (std::thread& shard : shards) shard.join();
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 4u * events_per_shard);
}

}  // namespace
}  // namespace scef::adapter::test
