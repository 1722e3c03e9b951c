#include <chrono>

#include <gmock/gmock.h>

#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Timelines of the seconds 1 to 5 in shard 1, with neighbours on every side.
class ColdStoreTest : public StoreTest {
protected:
    void SetUp() override {
        store = opened();
        for (int second = 1; second <= 5; ++second) put(1, RecordKind::timeline, second);
        put(0, RecordKind::timeline, 3);
        put(2, RecordKind::timeline, 3);
        put(1, RecordKind::final_message, 3);
        put(1, RecordKind::idempotency, 3);
    }
    void put(ShardId shard, RecordKind kind, int second) {
        const std::string value = std::to_string(second);
        ASSERT_TRUE(commit(*store, put_of(shard, kind, cold_key(second, "tail"), value)));
    }
    std::vector<std::string> values(ShardId shard, RecordKind kind) {
        return values_of(store->read({shard, kind, {}, {}, false}, {}));
    }
    std::unique_ptr<Store> store;
};

INSTANTIATE_TEST_SUITE_P(Engines, ColdStoreTest, all_engines, engine_name);

TEST_P(ColdStoreTest, a_range_without_ends_reads_one_kind_of_one_shard) {
    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("1", "2", "3", "4", "5"));
    EXPECT_THAT(values(0, RecordKind::timeline), ElementsAre("3"));
    EXPECT_THAT(values(1, RecordKind::audit), IsEmpty());
}

TEST_P(ColdStoreTest, a_range_has_its_first_key_and_not_its_last) {
    Range range{1, RecordKind::timeline, cold_key(2, "tail"), cold_key(4, "tail"), false};
    EXPECT_THAT(values_of(store->read(range, {})), ElementsAre("2", "3"));
    range.newest_first = true;
    EXPECT_THAT(values_of(store->read(range, {})), ElementsAre("3", "2"));
}

TEST_P(ColdStoreTest, newest_first_reads_backwards) {
    EXPECT_THAT(values_of(store->read({1, RecordKind::timeline, {}, {}, true}, {})),
                ElementsAre("5", "4", "3", "2", "1"));
}

TEST_P(ColdStoreTest, a_limit_ends_the_page_and_says_so) {
    const auto page = store->read({1, RecordKind::timeline, {}, {}, false}, {2});
    EXPECT_THAT(values_of(page), ElementsAre("1", "2"));
    EXPECT_TRUE(page->more);

    const auto backwards = store->read({1, RecordKind::timeline, {}, {}, true}, {2});
    EXPECT_THAT(values_of(backwards), ElementsAre("5", "4"));
    EXPECT_TRUE(backwards->more);

    EXPECT_FALSE(store->read({1, RecordKind::timeline, {}, {}, false}, {5})->more);
}

TEST_P(ColdStoreTest, pages_going_back_meet_every_record_once) {
    std::vector<std::string> met;
    Range range{1, RecordKind::timeline, {}, {}, true};
    for (bool more = true; more;) {
        const auto page = store->read(range, {2});
        for (const std::string& value : values_of(page)) met.push_back(value);
        more = page->more;
        range.to = page->records.back().key;
    }
    EXPECT_THAT(met, ElementsAre("5", "4", "3", "2", "1"));
}

TEST_P(ColdStoreTest, an_upside_down_range_is_empty) {
    const Range range{1, RecordKind::timeline, cold_key(4), cold_key(2), false};
    EXPECT_THAT(values_of(store->read(range, {})), IsEmpty());
}

TEST_P(ColdStoreTest, a_hot_kind_is_not_read_by_range) {
    const auto page = store->read({1, RecordKind::message, {}, {}, false}, {});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().code, Errc::invalid_argument);
}

TEST_P(ColdStoreTest, what_is_older_than_the_horizon_is_forgotten) {
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, cold_key(1), "hot")));

    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(4))));

    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("4", "5"));
    EXPECT_THAT(values(0, RecordKind::timeline), IsEmpty());
    EXPECT_THAT(values(2, RecordKind::timeline), IsEmpty());
    EXPECT_THAT(values(1, RecordKind::final_message), IsEmpty());
    EXPECT_EQ(load(*store, 1).records.size(), 1u);
}

TEST_P(ColdStoreTest, forgetting_twice_or_nothing_is_fine) {
    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(1))));
    EXPECT_EQ(values(1, RecordKind::timeline).size(), 5u);
    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(6))));
    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(6))));
    put(1, RecordKind::timeline, 7);
    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("7"));
}

TEST_P(ColdStoreTest, what_was_forgotten_stays_so_after_a_restart) {
    ASSERT_TRUE(store->forget_before(WallTime(std::chrono::seconds(3))));
    ASSERT_TRUE(store->flush());
    store.reset();
    store = opened();
    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("3", "4", "5"));
}

TEST_P(ColdStoreTest, a_corrupt_cold_record_is_left_out_and_counted) {
    store.reset();
    engine->corrupt(1, RecordKind::timeline, cold_key(3, "tail"));
    store = opened();
    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("1", "2", "4", "5"));
    EXPECT_THAT(values(1, RecordKind::timeline), ElementsAre("1", "2", "4", "5"));
    EXPECT_EQ(engine->counts().quarantined, 1u);
    EXPECT_EQ(engine->warnings.size(), 1u);
}

}  // namespace
}  // namespace scef::queueing
