#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "queueing/batch.h"
#include "queueing/store/store.h"
#include "queueing/store/store_counters.h"

namespace scef::queueing {

/// A batch and whom to tell.
struct PendingCommit {
    Batch batch;
    CommitDone done;
};

/// What one write may hold, and how long it may be waited for under load.
struct GroupLimits {
    std::size_t batches_max = 4096;
    std::size_t bytes_max = std::size_t{4} * 1024 * 1024;
    std::chrono::microseconds linger_max{1000};
};

/// One thread that makes batches durable in the order in which they were handed in, many by one
/// write: it takes everything that was handed in while the last write ran. It waits (at most
/// `linger_max`) only when the last group shows that more is on its way; a batch alone never waits.
/// After a failed write nothing is written any more and every batch fails.
class Committer {
public:
    /// Writes a group all or nothing; runs on the committer's thread.
    using Write = std::function<Status(std::span<const PendingCommit>)>;

    Committer(Write write, StoreCounters& counters, GroupLimits limits = {});
    /// Writes what was handed in, reports it, and ends the thread.
    ~Committer();
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    /// Never blocks on the disk. `done` runs on the committer's thread.
    void hand_in(Batch batch, CommitDone done);
    /// Waits until everything handed in so far was reported. Not from within a `done`.
    Status wait();
    /// Makes every later batch fail: the store failed elsewhere.
    void stop_with(Error error);
    /// Why nothing is written any more, if so.
    Status health() const;

private:
    void run();
    void linger(std::unique_lock<std::mutex>& lock);
    std::vector<PendingCommit> take_group();
    Status write_group(std::span<const PendingCommit> group);

    const Write write_;
    StoreCounters& counters_;
    const GroupLimits limits_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;      ///< the thread: `queue_` holds `wanted_`, or the end
    std::condition_variable reported_;  ///< `wait`: `finished_` grew
    std::deque<PendingCommit> queue_;
    std::size_t wanted_ = 1;
    std::size_t last_group_ = 0;
    std::uint64_t handed_in_ = 0;
    std::uint64_t finished_ = 0;
    std::optional<Error> failure_;
    bool ending_ = false;
    std::thread thread_;  ///< last: it uses all of the above
};

/// Octets of keys and values of a batch.
std::size_t size_of(const Batch& batch);

}  // namespace scef::queueing
