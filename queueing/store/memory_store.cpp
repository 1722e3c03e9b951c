#include "queueing/store/memory_store.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "queueing/store/sealed_record.h"
#include "queueing/store/store_key.h"

namespace scef::queueing {

bool MemoryDisk::corrupt(ShardId shard, RecordKind kind, ByteView key) {
    const std::lock_guard lock(mutex_);
    const auto found = records_.find(store_key(shard, kind, key));
    if (found == records_.end()) return false;
    found->second.back() ^= 0x10;
    return true;
}

std::size_t MemoryDisk::records() const {
    const std::lock_guard lock(mutex_);
    return records_.size();
}

std::size_t MemoryDisk::quarantined() const {
    const std::lock_guard lock(mutex_);
    return quarantine_.size();
}

Result<std::unique_ptr<MemoryStore>> MemoryStore::open(std::shared_ptr<MemoryDisk> disk,
                                                       const StoreOptions& options) {
    {
        const std::lock_guard lock(disk->mutex_);
        if (disk->open_) {
            return fail(Errc::conflict, "the memory store is in use by another instance");
        }
        if (disk->shards_.value_or(options.shards) != options.shards) {
            return fail(Errc::invalid_argument,
                        "the memory store was created with " + std::to_string(*disk->shards_) +
                            " shards, not " + std::to_string(options.shards));
        }
        disk->shards_ = options.shards;
        disk->open_ = true;
    }
    return std::unique_ptr<MemoryStore>(new MemoryStore(std::move(disk), options));
}

MemoryStore::MemoryStore(std::shared_ptr<MemoryDisk> disk, const StoreOptions& options)
    : disk_(std::move(disk)),
      shards_(options.shards),
      counters_(options.counters ? options.counters : std::make_shared<StoreCounters>()),
      warn_(options.warn) {}

MemoryStore::~MemoryStore() {
    const std::lock_guard lock(disk_->mutex_);
    disk_->open_ = false;
}

void MemoryStore::hold_commits() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
}

void MemoryStore::release(std::size_t batches) {
    std::vector<PendingCommit> released;
    {
        const std::lock_guard lock(mutex_);
        const auto count = static_cast<std::ptrdiff_t>(std::min(batches, held_.size()));
        std::move(held_.begin(), held_.begin() + count, std::back_inserter(released));
        held_.erase(held_.begin(), held_.begin() + count);
        for (const PendingCommit& commit : released) apply(commit.batch);
    }
    for (const PendingCommit& commit : released) {
        if (commit.done) commit.done({});
    }
}

void MemoryStore::resume_commits() {
    while (held() > 0) release();
    const std::lock_guard lock(mutex_);
    holding_ = false;
}

std::size_t MemoryStore::held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
}

void MemoryStore::commit(Batch batch, CommitDone done) {
    assert(batch.shard < shards_);
    {
        const std::lock_guard lock(mutex_);
        if (holding_) {
            held_.push_back({std::move(batch), std::move(done)});
            return;
        }
        apply(batch);
    }
    if (done) done({});
}

void MemoryStore::apply(const Batch& batch) {
    {
        const std::lock_guard lock(disk_->mutex_);
        for (const RecordWrite& write : batch.writes) {
            Bytes key = store_key(batch.shard, write.kind, write.key);
            if (write.value) {
                Bytes sealed = seal(key, *write.value);
                disk_->records_.insert_or_assign(std::move(key), std::move(sealed));
            } else {
                disk_->records_.erase(key);
            }
        }
    }
    counters_->on_commit(1, batch.writes.size(), size_of(batch), Duration::zero());
}

/// The caller holds the disk.
void MemoryStore::quarantine(const Bytes& stored_key) {
    disk_->quarantine_.insert(disk_->records_.extract(stored_key));
    counters_->on_quarantined();
    if (warn_) warn_("a record of the memory store failed its check and is in quarantine");
}

Status MemoryStore::load(ShardId shard, RecordVisitor& visitor) {
    const Bytes first = shard_prefix(shard);
    const Bytes last = store_key(shard, RecordKind::final_message, {});
    std::vector<std::pair<Bytes, Bytes>> found;
    {
        const std::lock_guard lock(disk_->mutex_);
        found.assign(disk_->records_.lower_bound(first), disk_->records_.lower_bound(last));
    }
    for (const auto& [key, sealed] : found) {
        if (const auto value = unseal(key, sealed)) {
            visitor.on_record(kind_of(key), own_key(key), *value);
            continue;
        }
        {
            const std::lock_guard lock(disk_->mutex_);
            quarantine(key);
        }
        visitor.on_corrupt_record(kind_of(key), own_key(key));
    }
    return {};
}

Result<Page> MemoryStore::read(const Range& range, PageLimit limit) {
    if (!is_cold(range.kind)) {
        return fail(Errc::invalid_argument, "only cold records are read by range");
    }
    const KeyRange keys = key_range(range);
    const std::lock_guard lock(disk_->mutex_);
    if (keys.first >= keys.last) return Page{};

    std::vector<Bytes> found;
    const auto first = disk_->records_.lower_bound(keys.first);
    const auto last = disk_->records_.lower_bound(keys.last);
    const auto collect = [&](auto from, auto to) {
        for (; from != to && found.size() <= limit.records; ++from) found.push_back(from->first);
    };
    if (range.newest_first) {
        collect(std::make_reverse_iterator(last), std::make_reverse_iterator(first));
    } else {
        collect(first, last);
    }

    Page page;
    page.more = found.size() > limit.records;
    if (page.more) found.pop_back();
    for (const Bytes& key : found) {
        if (const auto value = unseal(key, disk_->records_.at(key))) {
            const ByteView own = own_key(key);
            page.records.push_back({{own.begin(), own.end()}, {value->begin(), value->end()}});
        } else {
            quarantine(key);
        }
    }
    return page;
}

Status MemoryStore::forget_before(WallTime horizon) {
    const std::lock_guard lock(disk_->mutex_);
    auto& records = disk_->records_;
    for (auto at = records.begin(); at != records.end();) {
        const Bytes kind_end = prefix_end(ByteView(at->first).first(key_prefix_size));
        const Bytes end = forget_end(at->first, horizon);
        if (is_cold(kind_of(at->first)) && at->first < end) {
            records.erase(at, records.lower_bound(end));
        }
        at = records.lower_bound(kind_end);
    }
    return {};
}

Status MemoryStore::backup(const std::string&) {
    return fail(Errc::unsupported, "the store engine 'memory' has nothing to back up");
}

Status MemoryStore::flush() {
    if (held() > 0) return fail(Errc::unavailable, "commits are held");
    return {};
}

}  // namespace scef::queueing
