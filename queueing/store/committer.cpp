#include "queueing/store/committer.h"

#include <limits>
#include <utility>

namespace scef::queueing {
namespace {

constexpr std::size_t nothing_wanted = std::numeric_limits<std::size_t>::max();

}  // namespace

std::size_t size_of(const Batch& batch) {
    std::size_t octets = 0;
    for (const RecordWrite& write : batch.writes) {
        octets += write.key.size() + (write.value ? write.value->size() : 0);
    }
    return octets;
}

Committer::Committer(Write write, StoreCounters& counters, GroupLimits limits)
    : write_(std::move(write)), counters_(counters), limits_(limits), thread_([this] { run(); }) {}

Committer::~Committer() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Committer::hand_in(Batch batch, CommitDone done) {
    bool enough = false;
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({std::move(batch), std::move(done)});
        ++handed_in_;
        enough = queue_.size() >= wanted_;
    }
    if (enough) wake_.notify_one();
}

Status Committer::wait() {
    std::unique_lock lock(mutex_);
    const std::uint64_t target = handed_in_;
    reported_.wait(lock, [&] { return finished_ >= target; });
    if (failure_) return tl::unexpected(*failure_);
    return {};
}

void Committer::stop_with(Error error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(error);
}

Status Committer::health() const {
    const std::lock_guard lock(mutex_);
    if (failure_) return tl::unexpected(*failure_);
    return {};
}

void Committer::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wanted_ = 1;
        wake_.wait(lock, [&] { return ending_ || !queue_.empty(); });
        if (queue_.empty()) return;
        linger(lock);
        wanted_ = nothing_wanted;
        const std::vector<PendingCommit> group = take_group();
        last_group_ = group.size();

        lock.unlock();
        const Status status = write_group(group);
        for (const PendingCommit& commit : group) {
            if (commit.done) commit.done(status);
        }
        lock.lock();
        finished_ += group.size();
        reported_.notify_all();
    }
}

/// Those who were answered last are about to ask again: half of them are worth a short wait.
void Committer::linger(std::unique_lock<std::mutex>& lock) {
    wanted_ = last_group_ / 2;
    if (queue_.size() >= wanted_) return;
    wake_.wait_for(lock, limits_.linger_max, [&] { return ending_ || queue_.size() >= wanted_; });
}

std::vector<PendingCommit> Committer::take_group() {
    std::vector<PendingCommit> group;
    std::size_t octets = 0;
    while (!queue_.empty() && group.size() < limits_.batches_max && octets < limits_.bytes_max) {
        octets += size_of(queue_.front().batch);
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return group;
}

Status Committer::write_group(std::span<const PendingCommit> group) {
    if (Status before = health(); !before) {
        counters_.on_failed(group.size());
        return fail(Errc::storage,
                    "the store takes no more writes since it failed: " + before.error().message);
    }
    std::size_t records = 0;
    std::size_t octets = 0;
    for (const PendingCommit& commit : group) {
        records += commit.batch.writes.size();
        octets += size_of(commit.batch);
    }
    if (records == 0) return {};

    const auto start = std::chrono::steady_clock::now();
    Status status = write_(group);
    if (status) {
        counters_.on_commit(group.size(), records, octets,
                            std::chrono::steady_clock::now() - start);
    } else {
        stop_with(status.error());
        counters_.on_failed(group.size());
    }
    return status;
}

}  // namespace scef::queueing
