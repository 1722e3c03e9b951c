#pragma once

#include <cstdint>
#include <mutex>

#include "queueing/store/store.h"

namespace scef::queueing {

/// Which operation goes wrong; operations count from 1, and 0 is none. A test runs its scenario for
/// N = 1, 2, … until the scenario ends before the Nth operation.
struct FaultPlan {
    std::uint64_t fail_commit = 0;
    /// The failed commit is on the disk all the same: the outcome is in doubt, as after a failed
    /// fsync.
    bool failed_commit_is_written = false;
    std::uint64_t fail_load = 0;
    std::uint64_t fail_read = 0;
    /// The machine dies after this commit: later ones are lost and never reported, and everything
    /// else fails. To die before the first commit set `dead_from_start`.
    std::uint64_t crash_after = 0;
    bool dead_from_start = false;
};

/// A store that goes wrong as planned, around one that works and outlives it. As the contract
/// wants, all commits after a failed one fail. Thread-safe.
class FaultyStore final : public Store {
public:
    FaultyStore(Store& inner, FaultPlan plan);

    /// How many operations were asked for so far.
    std::uint64_t commits() const;
    std::uint64_t loads() const;
    std::uint64_t reads() const;
    /// Whether a planned fault came to pass.
    bool struck() const;

    void commit(Batch batch, CommitDone done) override;
    Status load(ShardId shard, RecordVisitor& visitor) override;
    Result<Page> read(const Range& range, PageLimit limit) override;
    Status forget_before(WallTime horizon) override;
    Status backup(const std::string& directory) override { return inner_.backup(directory); }
    Status flush() override;

private:
    enum class Verdict : std::uint8_t { pass, fail, fail_written, lose };
    Verdict judge_commit();
    /// Counts an operation; an error if it is the planned one or the machine is dead.
    Status judge(std::uint64_t& count, std::uint64_t planned);

    Store& inner_;
    const FaultPlan plan_;
    mutable std::mutex mutex_;
    std::uint64_t commits_ = 0;
    std::uint64_t loads_ = 0;
    std::uint64_t reads_ = 0;
    std::uint64_t other_ = 0;
    bool failed_ = false;
    bool dead_ = false;
    bool struck_ = false;
};

}  // namespace scef::queueing
