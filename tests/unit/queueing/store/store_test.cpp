#include <gmock/gmock.h>

#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Seen = Loaded::Seen;

INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, all_engines, engine_name);

TEST_P(StoreTest, a_new_store_is_empty) {
    const auto store = opened();
    EXPECT_THAT(load(*store, 0).records, IsEmpty());
}

TEST_P(StoreTest, what_was_put_is_loaded_in_key_order) {
    const auto store = opened();
    Batch batch;
    batch.shard = 2;
    batch.put(RecordKind::message, to_bytes("b"), to_bytes("2"));
    batch.put(RecordKind::message, to_bytes("a"), to_bytes("1"));
    batch.put(RecordKind::device, to_bytes("z"), to_bytes(""));

    ASSERT_TRUE(commit(*store, batch));

    EXPECT_THAT(load(*store, 2).records,
                ElementsAre(Seen{RecordKind::device, "z", ""}, Seen{RecordKind::message, "a", "1"},
                            Seen{RecordKind::message, "b", "2"}));
}

TEST_P(StoreTest, a_later_put_overwrites_and_an_erase_removes) {
    const auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(0, RecordKind::message, to_bytes("a"), "old")));
    ASSERT_TRUE(commit(*store, put_of(0, RecordKind::message, to_bytes("b"), "gone")));

    Batch batch = put_of(0, RecordKind::message, to_bytes("a"), "new");
    batch.erase(RecordKind::message, to_bytes("b"));
    batch.erase(RecordKind::message, to_bytes("never there"));
    ASSERT_TRUE(commit(*store, batch));

    EXPECT_THAT(load(*store, 0).records, ElementsAre(Seen{RecordKind::message, "a", "new"}));
}

TEST_P(StoreTest, the_last_write_of_a_key_in_a_batch_wins) {
    const auto store = opened();
    Batch batch = put_of(0, RecordKind::usage, to_bytes("a"), "1");
    batch.erase(RecordKind::usage, to_bytes("a"));
    batch.put(RecordKind::usage, to_bytes("a"), to_bytes("2"));

    ASSERT_TRUE(commit(*store, batch));

    EXPECT_THAT(load(*store, 0).records, ElementsAre(Seen{RecordKind::usage, "a", "2"}));
}

TEST_P(StoreTest, a_load_sees_its_own_shard_only) {
    const auto store = opened(300);
    for (const ShardId shard : {ShardId{0}, ShardId{1}, ShardId{255}, ShardId{256}}) {
        const std::string text = std::to_string(shard);
        ASSERT_TRUE(commit(*store, put_of(shard, RecordKind::device, to_bytes("d"), text)));
    }

    EXPECT_THAT(load(*store, 0).records, ElementsAre(Seen{RecordKind::device, "d", "0"}));
    EXPECT_THAT(load(*store, 1).records, ElementsAre(Seen{RecordKind::device, "d", "1"}));
    EXPECT_THAT(load(*store, 255).records, ElementsAre(Seen{RecordKind::device, "d", "255"}));
    EXPECT_THAT(load(*store, 256).records, ElementsAre(Seen{RecordKind::device, "d", "256"}));
}

TEST_P(StoreTest, a_load_leaves_cold_records_where_they_are) {
    const auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(0, RecordKind::timeline, cold_key(1), "cold")));
    EXPECT_THAT(load(*store, 0).records, IsEmpty());
}

TEST_P(StoreTest, everything_is_there_after_a_restart) {
    const Bytes value{0x00, 0xff, 0x80};
    {
        const auto store = opened();
        Batch batch = put_of(3, RecordKind::device, Bytes{0, 0xff}, as_text(value));
        batch.put(RecordKind::audit, cold_key(7), to_bytes("who"));
        ASSERT_TRUE(commit(*store, batch));
    }
    const auto store = opened();
    const Loaded loaded = load(*store, 3);
    ASSERT_EQ(loaded.records.size(), 1u);
    EXPECT_EQ(loaded.records[0].value, as_text(value));
    EXPECT_THAT(values_of(store->read({3, RecordKind::audit, {}, {}, false}, {})),
                ElementsAre("who"));
}

TEST_P(StoreTest, commits_are_reported_in_their_order) {
    const auto store = opened();
    std::vector<int> reported;
    for (int i = 0; i < 100; ++i) {
        store->commit(put_of(0, RecordKind::message, to_bytes("k"), std::to_string(i)),
                      [&reported, i](const Status& status) {
                          if (status) reported.push_back(i);
                      });
    }
    ASSERT_TRUE(store->flush());

    ASSERT_EQ(reported.size(), 100u);
    EXPECT_TRUE(std::is_sorted(reported.begin(), reported.end()));
    EXPECT_THAT(load(*store, 0).records, ElementsAre(Seen{RecordKind::message, "k", "99"}));
}

TEST_P(StoreTest, an_empty_batch_is_reported_too) {
    const auto store = opened();
    EXPECT_TRUE(commit(*store, Batch{}));
}

TEST_P(StoreTest, closing_reports_what_was_handed_in) {
    int reported = 0;
    auto store = opened();
    for (int i = 0; i < 50; ++i) {
        store->commit(put_of(0, RecordKind::message, to_bytes(std::to_string(i)), "v"),
                      [&](const Status& status) { reported += status ? 1 : 0; });
    }
    store.reset();
    EXPECT_EQ(reported, 50);
    EXPECT_EQ(load(*opened(), 0).records.size(), 50u);
}

TEST_P(StoreTest, a_corrupt_hot_record_goes_to_quarantine_and_is_reported_once) {
    {
        const auto store = opened();
        ASSERT_TRUE(commit(*store, put_of(1, RecordKind::message, to_bytes("bad"), "value")));
        ASSERT_TRUE(commit(*store, put_of(1, RecordKind::message, to_bytes("good"), "value")));
    }
    engine->corrupt(1, RecordKind::message, to_bytes("bad"));

    const auto store = opened();
    const Loaded first = load(*store, 1);
    const Loaded second = load(*store, 1);

    EXPECT_THAT(first.records, ElementsAre(Seen{RecordKind::message, "good", "value"}));
    EXPECT_THAT(first.corrupt, ElementsAre("bad"));
    EXPECT_THAT(second.corrupt, IsEmpty());
    EXPECT_EQ(engine->counts().quarantined, 1u);
    EXPECT_EQ(engine->warnings.size(), 1u);
}

TEST_P(StoreTest, the_number_of_shards_stays_as_it_was_created) {
    { const auto store = opened(4); }
    const auto other = engine->open(8);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::invalid_argument);
    EXPECT_THAT(other.error().message, ::testing::HasSubstr("created with 4 shards"));
    EXPECT_TRUE(engine->open(4));
}

TEST_P(StoreTest, a_second_instance_is_refused) {
    const auto store = opened();
    const auto second = engine->open(4);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::conflict);
    EXPECT_THAT(second.error().message, ::testing::HasSubstr("in use by another"));
}

TEST_P(StoreTest, it_counts_what_it_writes) {
    const auto store = opened();
    Batch batch = put_of(0, RecordKind::message, to_bytes("key"), "value");
    batch.erase(RecordKind::message, to_bytes("k2"));
    ASSERT_TRUE(commit(*store, batch));
    ASSERT_TRUE(store->flush());

    const StoreCounts counts = engine->counts();
    EXPECT_EQ(counts.commits, 1u);
    EXPECT_EQ(counts.batches, 1u);
    EXPECT_EQ(counts.records, 2u);
    EXPECT_EQ(counts.bytes, 10u);
    EXPECT_GE(counts.commit_seconds_max, 0.0);
    EXPECT_EQ(counts.commit_seconds_sum, counts.commit_seconds_max);
}

}  // namespace
}  // namespace scef::queueing
