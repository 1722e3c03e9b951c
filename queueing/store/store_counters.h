#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::queueing {

/// What a store has done since it was opened. One commit is one synchronous write of a group of
/// batches; `commit_seconds_*` and `commit_buckets` measure those writes.
struct StoreCounts {
    /// Upper ends of the buckets, in seconds; the last bucket has none.
    static constexpr std::array<double, 10> bucket_ends{0.0005, 0.001, 0.002, 0.005, 0.01,
                                                        0.02,   0.05,  0.1,   0.5,   2.0};

    std::uint64_t commits = 0;
    std::uint64_t batches = 0;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;           ///< octets of keys and values handed in
    std::uint64_t failed_batches = 0;  ///< batches whose `done` was given an error
    std::uint64_t quarantined = 0;     ///< records whose check failed
    double commit_seconds_sum = 0;
    double commit_seconds_max = 0;
    std::array<std::uint64_t, bucket_ends.size() + 1> commit_buckets{};  ///< not cumulative
};

/// Counts for one store. Every method may be called on any thread.
class StoreCounters {
public:
    void on_commit(std::uint64_t batches, std::uint64_t records, std::uint64_t bytes,
                   Duration took);
    void on_failed(std::uint64_t batches);
    void on_quarantined();

    /// A consistent copy.
    StoreCounts counts() const;

private:
    mutable std::mutex mutex_;
    StoreCounts counts_;
};

}  // namespace scef::queueing
