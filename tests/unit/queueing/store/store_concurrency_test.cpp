#include <atomic>
#include <mutex>
#include <thread>

#include "queueing/record.h"
#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

constexpr std::uint32_t batches_each = 500;

using StoreConcurrencyTest = StoreTest;
INSTANTIATE_TEST_SUITE_P(Engines, StoreConcurrencyTest, all_engines, engine_name);

/// What one shard's owner saw: the numbers of its batches as they were reported.
struct Owner {
    std::mutex mutex;
    std::vector<std::uint32_t> reported;
};

void commit_all(Store& store, ShardId shard, Owner& owner) {
    for (std::uint32_t i = 0; i < batches_each; ++i) {
        Batch batch = put_of(shard, RecordKind::shard, to_bytes("last"), std::to_string(i));
        batch.put(RecordKind::message, RecordWriter().number(i).take(), to_bytes("m"));
        store.commit(std::move(batch), [&owner, i](const Status& status) {
            const std::lock_guard lock(owner.mutex);
            if (status) owner.reported.push_back(i);
        });
    }
}

TEST_P(StoreConcurrencyTest, four_threads_keep_the_order_of_each_shard) {
    const auto store = opened();
    std::array<Owner, 4> owners;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < owners.size(); ++i) {
        threads.emplace_back([&, i] { commit_all(*store, static_cast<ShardId>(i), owners[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(store->flush());

    for (std::size_t i = 0; i < owners.size(); ++i) {
        EXPECT_EQ(owners[i].reported.size(), batches_each);
        EXPECT_TRUE(std::is_sorted(owners[i].reported.begin(), owners[i].reported.end()));
        const Loaded loaded = load(*store, static_cast<ShardId>(i));
        EXPECT_EQ(loaded.records.size(), batches_each + 1);
        EXPECT_EQ(loaded.records[0].value, std::to_string(batches_each - 1));
    }
}

TEST_P(StoreConcurrencyTest, readers_and_forgetting_do_not_disturb_writers) {
    const auto store = opened();
    std::atomic<bool> written = false;
    std::thread writer([&] {
        for (int i = 0; i < 300; ++i) {
            EXPECT_TRUE(commit(*store, put_of(0, RecordKind::audit, cold_key(i), "x")));
        }
        written = true;
    });
    std::size_t most = 0;
    while (!written) {
        const auto page = store->read({0, RecordKind::audit, {}, {}, false}, {});
        ASSERT_TRUE(page);
        EXPECT_TRUE(store->forget_before(WallTime(std::chrono::seconds(100))));
        most = std::max(most, page->records.size());
        engine->counts();
    }
    writer.join();
    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(100))));
    EXPECT_EQ(values_of(store->read({0, RecordKind::audit, {}, {}, false}, {})).size(), 200u);
    EXPECT_LE(most, 300u);
}

}  // namespace
}  // namespace scef::queueing
