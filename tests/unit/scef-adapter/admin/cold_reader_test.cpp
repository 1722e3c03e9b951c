#include "scef-adapter/admin/cold_reader.h"

#include <future>

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

/// What was handed in can be read once it was flushed, as from a disk that takes its time.
class SlowDisk final : public queueing::Store {
public:
    void commit(queueing::Batch, queueing::CommitDone) override {}
    Status load(ShardId, queueing::RecordVisitor&) override { return {}; }
    Result<queueing::Page> read(const queueing::Range&, queueing::PageLimit) override {
        queueing::Page page;
        if (flushed) page.records.emplace_back();
        return page;
    }
    Status forget_before(WallTime) override { return {}; }
    Status backup(const std::string&) override { return {}; }
    Status flush() override {
        if (broken) return fail(Errc::storage, "the disk is broken");
        flushed = true;
        return {};
    }

    bool flushed = false;
    bool broken = false;
};

Result<std::size_t> records_read(SlowDisk& disk, ColdReader::Sees sees) {
    std::promise<Result<std::size_t>> promise;
    ColdReader reader(disk);
    reader.read(
        {}, {1},
        [&](Result<queueing::Page> page) {
            promise.set_value(page.map([](const auto& read) { return read.records.size(); }));
        },
        sees);
    return promise.get_future().get();
}

TEST(ColdReader, sees_what_was_handed_in_however_long_its_commit_takes) {
    SlowDisk disk;
    EXPECT_EQ(*records_read(disk, ColdReader::Sees::stored), 0u);
    EXPECT_FALSE(disk.flushed);
    EXPECT_EQ(*records_read(disk, ColdReader::Sees::handed_in), 1u);
}

TEST(ColdReader, tells_that_the_store_has_failed) {
    SlowDisk disk;
    disk.broken = true;
    EXPECT_FALSE(records_read(disk, ColdReader::Sees::handed_in));
}

}  // namespace
}  // namespace scef::adapter
