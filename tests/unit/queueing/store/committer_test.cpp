#include "queueing/store/committer.h"

#include <future>
#include <semaphore>

#include <gmock/gmock.h>

#include "tests/unit/queueing/store/engine_under_test.h"

namespace scef::queueing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A disk whose writes end when the test says so.
struct SlowDisk {
    Status write(std::span<const PendingCommit> group) {
        started.release();
        may_end.acquire();
        groups.push_back(group.size());
        return groups.size() == fail_write ? fail(Errc::storage, "no space left") : Status{};
    }
    Committer::Write writer() {
        return [this](auto group) { return write(group); };
    }
    std::counting_semaphore<> started{0};
    std::counting_semaphore<> may_end{0};
    std::vector<std::size_t> groups;
    std::size_t fail_write = 0;
};

Batch one() { return put_of(0, RecordKind::message, to_bytes("k"), "v"); }

TEST(Committer, what_is_handed_in_during_a_write_makes_one_group) {
    SlowDisk disk;
    StoreCounters counters;
    Committer dut(disk.writer(), counters);

    dut.hand_in(one(), nullptr);
    disk.started.acquire();
    for (int i = 0; i < 7; ++i) dut.hand_in(one(), nullptr);
    disk.may_end.release(2);
    ASSERT_TRUE(dut.wait());

    EXPECT_THAT(disk.groups, ElementsAre(1u, 7u));
    EXPECT_EQ(counters.counts().commits, 2u);
    EXPECT_EQ(counters.counts().batches, 8u);
}

TEST(Committer, a_group_is_bounded) {
    SlowDisk disk;
    StoreCounters counters;
    Committer dut(disk.writer(), counters, {.batches_max = 3, .bytes_max = 1000});
    dut.hand_in(one(), nullptr);
    disk.started.acquire();
    for (int i = 0; i < 7; ++i) dut.hand_in(one(), nullptr);
    disk.may_end.release(4);
    ASSERT_TRUE(dut.wait());
    EXPECT_THAT(disk.groups, ElementsAre(1u, 3u, 3u, 1u));
}

TEST(Committer, a_big_batch_ends_its_group) {
    SlowDisk disk;
    StoreCounters counters;
    Committer dut(disk.writer(), counters, {.batches_max = 100, .bytes_max = 4});
    dut.hand_in(one(), nullptr);
    disk.started.acquire();
    for (int i = 0; i < 4; ++i) dut.hand_in(one(), nullptr);
    disk.may_end.release(3);
    ASSERT_TRUE(dut.wait());
    EXPECT_THAT(disk.groups, ElementsAre(1u, 2u, 2u));
}

TEST(Committer, nothing_is_reported_before_its_write_ended) {
    SlowDisk disk;
    StoreCounters counters;
    Committer dut(disk.writer(), counters);
    std::promise<void> reported;
    auto report = reported.get_future();
    dut.hand_in(one(), [&](const Status&) { reported.set_value(); });
    disk.started.acquire();
    EXPECT_EQ(report.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    disk.may_end.release();
    report.get();
}

TEST(Committer, after_a_failed_write_nothing_is_written_any_more) {
    SlowDisk disk;
    disk.fail_write = 2;
    disk.may_end.release(100);
    StoreCounters counters;
    Committer dut(disk.writer(), counters);
    std::vector<std::string> errors;
    for (int i = 0; i < 4; ++i) {
        dut.hand_in(one(), [&](const Status& status) {
            errors.push_back(status ? "" : status.error().message);
        });
        const Status waited = dut.wait();
        EXPECT_EQ(waited.has_value(), i == 0);
    }
    EXPECT_EQ(disk.groups.size(), 2u);
    EXPECT_THAT(errors, ElementsAre("", "no space left", HasSubstr("no more writes"),
                                    HasSubstr("no space left")));
    EXPECT_EQ(counters.counts().failed_batches, 3u);
}

TEST(Committer, a_done_may_hand_in_the_next_batch) {
    SlowDisk disk;
    disk.may_end.release(100);
    StoreCounters counters;
    int reported = 0;
    std::function<void(Status)> again;
    {
        Committer dut(disk.writer(), counters);
        again = [&](const Status&) {
            if (++reported < 5) dut.hand_in(one(), again);
        };
        dut.hand_in(one(), again);
    }
    EXPECT_EQ(reported, 5);
}

TEST(StoreCounters, a_commit_falls_into_the_bucket_of_its_time) {
    StoreCounters dut;
    dut.on_commit(1, 1, 1, std::chrono::microseconds(500));
    dut.on_commit(1, 1, 1, std::chrono::milliseconds(3));
    dut.on_commit(1, 1, 1, std::chrono::seconds(9));
    const StoreCounts counts = dut.counts();
    EXPECT_THAT(counts.commit_buckets, ElementsAre(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1));
    EXPECT_DOUBLE_EQ(counts.commit_seconds_max, 9.0);
    EXPECT_DOUBLE_EQ(counts.commit_seconds_sum, 9.0035);
}

}  // namespace
}  // namespace scef::queueing
