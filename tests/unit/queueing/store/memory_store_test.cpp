#include "queueing/store/memory_store.h"

#include <gmock/gmock.h>

#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class MemoryStoreTest : public ::testing::Test {
protected:
    std::unique_ptr<MemoryStore> opened() { return *MemoryStore::open(disk, {}); }
    void put(MemoryStore& store, const std::string& key) {
        store.commit(put_of(0, RecordKind::message, to_bytes(key), "v"),
                     [this, key](const Status& status) {
                         if (status) reported.push_back(key);
                     });
    }
    std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
    std::vector<std::string> reported;
};

TEST_F(MemoryStoreTest, a_held_commit_is_neither_reported_nor_visible) {
    const auto dut = opened();
    dut->hold_commits();
    put(*dut, "a");
    EXPECT_THAT(reported, IsEmpty());
    EXPECT_THAT(load(*dut, 0).records, IsEmpty());
    EXPECT_EQ(dut->held(), 1u);
    EXPECT_FALSE(dut->flush());
}

TEST_F(MemoryStoreTest, release_lets_the_oldest_go_first) {
    const auto dut = opened();
    dut->hold_commits();
    for (const char* key : {"a", "b", "c"}) put(*dut, key);
    dut->release(2);
    EXPECT_THAT(reported, ElementsAre("a", "b"));
    EXPECT_EQ(load(*dut, 0).records.size(), 2u);
    dut->resume_commits();
    put(*dut, "d");
    EXPECT_THAT(reported, ElementsAre("a", "b", "c", "d"));
}

TEST_F(MemoryStoreTest, a_power_cut_takes_held_commits_along) {
    auto dut = opened();
    put(*dut, "safe");
    dut->hold_commits();
    put(*dut, "lost");
    dut.reset();
    dut = opened();
    EXPECT_EQ(load(*dut, 0).records.size(), 1u);
    EXPECT_THAT(reported, ElementsAre("safe"));
}

TEST_F(MemoryStoreTest, a_corrupt_record_moves_from_the_records_to_quarantine) {
    const auto dut = opened();
    put(*dut, "a");
    ASSERT_TRUE(disk->corrupt(0, RecordKind::message, to_bytes("a")));
    EXPECT_FALSE(disk->corrupt(0, RecordKind::message, to_bytes("b")));
    load(*dut, 0);
    EXPECT_EQ(disk->records(), 0u);
    EXPECT_EQ(disk->quarantined(), 1u);
}

}  // namespace
}  // namespace scef::queueing
