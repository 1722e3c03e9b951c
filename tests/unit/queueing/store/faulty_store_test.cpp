#include "queueing/store/faulty_store.h"

#include <gmock/gmock.h>

#include "queueing/store/memory_store.h"
#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::ElementsAre;

class FaultyStoreTest : public ::testing::Test {
protected:
    /// Commits a, b, c; `reported` has one letter each: k (kept), f (failed), nothing (never).
    void commit_three(Store& store) {
        for (const char* key : {"a", "b", "c"}) {
            store.commit(put_of(0, RecordKind::message, to_bytes(key), key),
                         [this](const Status& status) { reported += status ? 'k' : 'f'; });
        }
    }
    std::string stored() {
        std::string keys;
        for (const auto& record : load(*inner, 0).records) keys += record.key;
        return keys;
    }
    std::unique_ptr<MemoryStore> inner =
        *MemoryStore::open(std::make_shared<MemoryDisk>(), StoreOptions{});
    std::string reported;
};

TEST_F(FaultyStoreTest, without_a_plan_everything_passes) {
    FaultyStore dut(*inner, {});
    commit_three(dut);
    EXPECT_EQ(reported, "kkk");
    EXPECT_EQ(stored(), "abc");
    EXPECT_EQ(dut.commits(), 3u);
    EXPECT_FALSE(dut.struck());
    EXPECT_TRUE(dut.flush());
}

TEST_F(FaultyStoreTest, after_the_failed_commit_all_fail) {
    FaultyStore dut(*inner, {.fail_commit = 2});
    commit_three(dut);
    EXPECT_EQ(reported, "kff");
    EXPECT_EQ(stored(), "a");
    EXPECT_TRUE(dut.struck());
    EXPECT_FALSE(dut.flush());
}

TEST_F(FaultyStoreTest, a_failed_commit_may_be_on_the_disk_all_the_same) {
    FaultyStore dut(*inner, {.fail_commit = 2, .failed_commit_is_written = true});
    commit_three(dut);
    EXPECT_EQ(reported, "kff");
    EXPECT_EQ(stored(), "ab");
}

TEST_F(FaultyStoreTest, a_crash_loses_what_came_later_and_reports_nothing) {
    FaultyStore dut(*inner, {.crash_after = 1});
    commit_three(dut);
    EXPECT_EQ(reported, "k");
    EXPECT_EQ(stored(), "a");
    Loaded loaded;
    EXPECT_FALSE(dut.load(0, loaded));
    EXPECT_FALSE(dut.flush());
}

TEST_F(FaultyStoreTest, a_machine_may_be_dead_from_the_start) {
    FaultyStore dut(*inner, {.dead_from_start = true});
    commit_three(dut);
    EXPECT_EQ(reported, "");
    EXPECT_EQ(stored(), "");
}

TEST_F(FaultyStoreTest, only_the_planned_load_and_read_fail) {
    FaultyStore dut(*inner, {.fail_load = 2, .fail_read = 1});
    Loaded loaded;
    EXPECT_TRUE(dut.load(0, loaded));
    EXPECT_FALSE(dut.load(0, loaded));
    EXPECT_TRUE(dut.load(0, loaded));
    EXPECT_FALSE(dut.read({}, {}));
    EXPECT_TRUE(dut.read({}, {}));
}

}  // namespace
}  // namespace scef::queueing
