#include "queueing/store/store_counters.h"

#include <algorithm>
#include <chrono>

namespace scef::queueing {

void StoreCounters::on_commit(std::uint64_t batches, std::uint64_t records, std::uint64_t bytes,
                              Duration took) {
    const double seconds = std::chrono::duration<double>(took).count();
    const auto& ends = StoreCounts::bucket_ends;
    const auto bucket = std::lower_bound(ends.begin(), ends.end(), seconds) - ends.begin();

    const std::lock_guard lock(mutex_);
    ++counts_.commits;
    counts_.batches += batches;
    counts_.records += records;
    counts_.bytes += bytes;
    counts_.commit_seconds_sum += seconds;
    counts_.commit_seconds_max = std::max(counts_.commit_seconds_max, seconds);
    ++counts_.commit_buckets[static_cast<std::size_t>(bucket)];
}

void StoreCounters::on_failed(std::uint64_t batches) {
    const std::lock_guard lock(mutex_);
    counts_.failed_batches += batches;
}

void StoreCounters::on_quarantined() {
    const std::lock_guard lock(mutex_);
    ++counts_.quarantined;
}

StoreCounts StoreCounters::counts() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

}  // namespace scef::queueing
