#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "queueing/store/committer.h"
#include "queueing/store/store.h"
#include "queueing/store/store_options.h"

namespace scef::queueing {

/// What outlives a `MemoryStore`, as a disk outlives a process: several stores open it in turn.
/// Thread-safe. Memory stays in use until the last owner lets go.
class MemoryDisk {
public:
    /// Flips a bit of a stored value, as a bad disk would. False if there is no such record.
    bool corrupt(ShardId shard, RecordKind kind, ByteView key);
    std::size_t records() const;
    std::size_t quarantined() const;

private:
    friend class MemoryStore;
    using Records = std::map<Bytes, Bytes>;  ///< stored key to sealed value

    mutable std::mutex mutex_;
    Records records_;
    Records quarantine_;
    std::optional<std::uint16_t> shards_;
    bool open_ = false;
};

/// The engine `memory`: for tests and trials; what it has is gone with its disk. `done` runs inside
/// `commit`, or inside `release` while commits are held. Thread-safe.
class MemoryStore final : public Store {
public:
    /// Refuses a disk that is open already or was made with another number of shards.
    static Result<std::unique_ptr<MemoryStore>> open(std::shared_ptr<MemoryDisk> disk,
                                                     const StoreOptions& options);
    /// Batches still held are lost without a word, as in a power cut.
    ~MemoryStore() override;

    /// From now on batches wait, invisible, until `release`.
    void hold_commits();
    /// Makes the oldest held batches durable and reports them, in order; those handed in meanwhile
    /// by a `done` stay held.
    void release(std::size_t batches = SIZE_MAX);
    /// Releases all and holds no more.
    void resume_commits();
    std::size_t held() const;

    void commit(Batch batch, CommitDone done) override;
    Status load(ShardId shard, RecordVisitor& visitor) override;
    Result<Page> read(const Range& range, PageLimit limit) override;
    Status forget_before(WallTime horizon) override;
    Status backup(const std::string& directory) override;
    /// Fails while batches are held: it would wait for ever.
    Status flush() override;

private:
    MemoryStore(std::shared_ptr<MemoryDisk> disk, const StoreOptions& options);
    void apply(const Batch& batch);
    void quarantine(const Bytes& stored_key);

    const std::shared_ptr<MemoryDisk> disk_;
    const std::uint16_t shards_;
    const std::shared_ptr<StoreCounters> counters_;
    const std::function<void(const std::string&)> warn_;

    mutable std::mutex mutex_;  ///< of the held batches
    bool holding_ = false;
    std::deque<PendingCommit> held_;
};

}  // namespace scef::queueing
