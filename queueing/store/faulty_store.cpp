#include "queueing/store/faulty_store.h"

#include <utility>

namespace scef::queueing {
namespace {

tl::unexpected<Error> planned_failure() { return fail(Errc::storage, "a planned fault"); }

}  // namespace

FaultyStore::FaultyStore(Store& inner, FaultPlan plan)
    : inner_(inner), plan_(plan), dead_(plan.dead_from_start), struck_(plan.dead_from_start) {}

std::uint64_t FaultyStore::commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
}

std::uint64_t FaultyStore::loads() const {
    const std::lock_guard lock(mutex_);
    return loads_;
}

std::uint64_t FaultyStore::reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
}

bool FaultyStore::struck() const {
    const std::lock_guard lock(mutex_);
    return struck_;
}

FaultyStore::Verdict FaultyStore::judge_commit() {
    const std::lock_guard lock(mutex_);
    ++commits_;
    if (plan_.crash_after != 0 && commits_ > plan_.crash_after) dead_ = struck_ = true;
    if (dead_) return Verdict::lose;
    if (failed_) return Verdict::fail;
    if (plan_.fail_commit == 0 || commits_ != plan_.fail_commit) return Verdict::pass;
    failed_ = struck_ = true;
    return plan_.failed_commit_is_written ? Verdict::fail_written : Verdict::fail;
}

void FaultyStore::commit(Batch batch, CommitDone done) {
    switch (judge_commit()) {
        case Verdict::pass:
            inner_.commit(std::move(batch), std::move(done));
            return;
        case Verdict::fail:
            if (done) done(planned_failure());
            return;
        case Verdict::fail_written:
            inner_.commit(std::move(batch), [done = std::move(done)](const Status&) {
                if (done) done(planned_failure());
            });
            return;
        case Verdict::lose:
            return;
    }
}

Status FaultyStore::judge(std::uint64_t& count, std::uint64_t planned) {
    const std::lock_guard lock(mutex_);
    ++count;
    if (dead_) return fail(Errc::unavailable, "the machine is dead");
    if (planned == 0 || count != planned) return {};
    struck_ = true;
    return planned_failure();
}

Status FaultyStore::load(ShardId shard, RecordVisitor& visitor) {
    const Status verdict = judge(loads_, plan_.fail_load);
    return verdict ? inner_.load(shard, visitor) : verdict;
}

Result<Page> FaultyStore::read(const Range& range, PageLimit limit) {
    const Status verdict = judge(reads_, plan_.fail_read);
    if (!verdict) return tl::unexpected(verdict.error());
    return inner_.read(range, limit);
}

Status FaultyStore::forget_before(WallTime horizon) {
    const Status verdict = judge(other_, 0);
    return verdict ? inner_.forget_before(horizon) : verdict;
}

Status FaultyStore::flush() {
    const Status verdict = judge(other_, 0);
    if (!verdict) return verdict;
    {
        const std::lock_guard lock(mutex_);
        if (failed_) return planned_failure();
    }
    return inner_.flush();
}

}  // namespace scef::queueing
