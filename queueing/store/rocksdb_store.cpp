#include "queueing/store/rocksdb_store.h"

#include <cassert>
#include <chrono>
#include <mutex>
#include <span>
#include <string>
#include <utility>

#include <rocksdb/write_batch.h>

#include "queueing/record.h"
#include "queueing/store/committer.h"
#include "queueing/store/rocksdb_database.h"
#include "queueing/store/sealed_record.h"
#include "queueing/store/store_key.h"

namespace scef::queueing {
namespace {

constexpr Family family_of(RecordKind kind) { return is_cold(kind) ? Family::cold : Family::hot; }

Bytes copy_of(ByteView octets) { return {octets.begin(), octets.end()}; }

Status foreign_key(ByteView key) {
    return fail(Errc::corrupt, "the store holds a key that is not its own: " + to_hex(key));
}

class RocksdbStore final : public Store {
public:
    RocksdbStore(RocksdbDatabase database, const StoreOptions& options)
        : database_(std::move(database)),
          shards_(options.shards),
          counters_(options.counters ? options.counters : std::make_shared<StoreCounters>()),
          warn_(options.warn),
          committer_([this](auto group) { return write(group); }, *counters_) {
        durable_.sync = options.sync;
    }

    void commit(Batch batch, CommitDone done) override;
    Status load(ShardId shard, RecordVisitor& visitor) override;
    Result<Page> read(const Range& range, PageLimit limit) override;
    Status forget_before(WallTime horizon) override;
    Status backup(const std::string& directory) override { return database_.copy_to(directory); }
    Status flush() override;

private:
    Status write(std::span<const PendingCommit> group);
    Status quarantine(Family family, ByteView stored_key);
    Status collect(const KeyRange& keys, bool newest_first, PageLimit limit, Page& page,
                   std::vector<Bytes>& corrupt);
    /// Hands an error of a write on and makes it stick.
    Status sticky(Status status);

    RocksdbDatabase database_;
    const std::uint16_t shards_;
    const std::shared_ptr<StoreCounters> counters_;
    const std::function<void(const std::string&)> warn_;
    rocksdb::WriteOptions durable_;
    std::mutex write_mutex_;  ///< quarantine looks and moves without a commit in between
    Committer committer_;     ///< last: its thread uses all of the above
};

void RocksdbStore::commit(Batch batch, CommitDone done) {
    assert(batch.shard < shards_);
    committer_.hand_in(std::move(batch), std::move(done));
}

Status RocksdbStore::write(std::span<const PendingCommit> group) {
    // Room for what RocksDB and the check add to each record, so that nothing is copied as it
    // grows.
    constexpr std::size_t added_octets = 24;
    std::size_t octets = 0;
    for (const PendingCommit& commit : group) {
        octets += size_of(commit.batch) + commit.batch.writes.size() * added_octets;
    }
    rocksdb::WriteBatch writes(octets);
    rocksdb::Status built;
    for (const PendingCommit& commit : group) {
        for (const RecordWrite& record : commit.batch.writes) {
            const Bytes key = store_key(commit.batch.shard, record.kind, record.key);
            rocksdb::ColumnFamilyHandle* family = database_.family(family_of(record.kind));
            built = record.value
                        ? writes.Put(family, to_slice(key), to_slice(seal(key, *record.value)))
                        : writes.Delete(family, to_slice(key));
            if (!built.ok()) return to_status(built, "a batch cannot be built");
        }
    }
    const std::lock_guard lock(write_mutex_);
    return to_status(database_.db().Write(durable_, &writes), "a commit failed");
}

Status RocksdbStore::sticky(Status status) {
    if (!status) committer_.stop_with(status.error());
    return status;
}

/// Moves a record whose check failed, unless a commit has replaced it meanwhile. Its new key ends
/// with the time, so that a second bad record under one key does not hide the first.
Status RocksdbStore::quarantine(Family family, ByteView stored_key) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Bytes kept_as = RecordWriter()
                              .raw(stored_key)
                              .time(WallTime(std::chrono::duration_cast<Duration>(now)))
                              .take();
    {
        const std::lock_guard lock(write_mutex_);
        std::string sealed;
        const rocksdb::Status got =
            database_.db().Get({}, database_.family(family), to_slice(stored_key), &sealed);
        if (got.IsNotFound() || (got.ok() && unseal(stored_key, as_bytes(sealed)))) return {};
        if (!got.ok()) return to_status(got, "a corrupt record cannot be moved to quarantine");
        rocksdb::WriteBatch move;
        move.Put(database_.family(Family::quarantine), to_slice(kept_as), sealed);
        move.Delete(database_.family(family), to_slice(stored_key));
        Status moved = to_status(database_.db().Write(durable_, &move),
                                 "a corrupt record cannot be moved to quarantine");
        if (!moved) return sticky(std::move(moved));
    }
    counters_->on_quarantined();
    if (warn_) {
        warn_("a stored record failed its check and is in quarantine: shard " +
              std::to_string(shard_of(stored_key)) + ", kind " +
              std::to_string(static_cast<int>(kind_of(stored_key))) + ", key " +
              to_hex(own_key(stored_key)));
    }
    return {};
}

Status RocksdbStore::load(ShardId shard, RecordVisitor& visitor) {
    const Bytes first = shard_prefix(shard);
    const Bytes last = prefix_end(first);
    const rocksdb::Slice upper = to_slice(last);
    rocksdb::ReadOptions scan;
    scan.fill_cache = false;
    scan.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        database_.db().NewIterator(scan, database_.family(Family::hot)));
    for (at->Seek(to_slice(first)); at->Valid(); at->Next()) {
        const ByteView key = to_view(at->key());
        if (key.size() < key_prefix_size) return foreign_key(key);
        if (const auto value = unseal(key, to_view(at->value()))) {
            visitor.on_record(kind_of(key), own_key(key), *value);
            continue;
        }
        if (Status moved = quarantine(Family::hot, key); !moved) return moved;
        visitor.on_corrupt_record(kind_of(key), own_key(key));
    }
    return to_status(at->status(), "shard " + std::to_string(shard) + " cannot be read");
}

Status RocksdbStore::collect(const KeyRange& keys, bool newest_first, PageLimit limit, Page& page,
                             std::vector<Bytes>& corrupt) {
    const rocksdb::Slice lower = to_slice(keys.first);
    const rocksdb::Slice upper = to_slice(keys.last);
    rocksdb::ReadOptions bounded;
    bounded.iterate_lower_bound = &lower;
    bounded.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        database_.db().NewIterator(bounded, database_.family(Family::cold)));
    std::size_t seen = 0;
    for (newest_first ? at->SeekToLast() : at->SeekToFirst(); at->Valid();
         newest_first ? at->Prev() : at->Next()) {
        if (seen++ == limit.records) {
            page.more = true;
            break;
        }
        const ByteView key = to_view(at->key());
        if (const auto value = unseal(key, to_view(at->value()))) {
            page.records.push_back({copy_of(own_key(key)), copy_of(*value)});
        } else {
            corrupt.push_back(copy_of(key));
        }
    }
    return to_status(at->status(), "stored records cannot be read");
}

Result<Page> RocksdbStore::read(const Range& range, PageLimit limit) {
    if (!is_cold(range.kind)) {
        return fail(Errc::invalid_argument, "only cold records are read by range");
    }
    const KeyRange keys = key_range(range);
    Page page;
    if (keys.first >= keys.last) return page;
    std::vector<Bytes> corrupt;
    Status status = collect(keys, range.newest_first, limit, page, corrupt);
    for (const Bytes& key : corrupt) {
        if (status) status = quarantine(Family::cold, key);
    }
    if (!status) return tl::unexpected(status.error());
    return page;
}

/// One DeleteRange for each shard and kind that has something old, none for the others: empty range
/// tombstones would slow every later read.
Status RocksdbStore::forget_before(WallTime horizon) {
    rocksdb::ColumnFamilyHandle* cold = database_.family(Family::cold);
    rocksdb::WriteBatch writes;
    const std::unique_ptr<rocksdb::Iterator> at(database_.db().NewIterator({}, cold));
    at->SeekToFirst();
    while (at->Valid()) {
        const Bytes first = copy_of(to_view(at->key()));
        if (first.size() < key_prefix_size) return foreign_key(first);
        const Bytes end = forget_end(first, horizon);
        if (first < end) writes.DeleteRange(cold, to_slice(first), to_slice(end));
        at->Seek(to_slice(prefix_end(ByteView(first).first(key_prefix_size))));
    }
    if (!at->status().ok()) return to_status(at->status(), "old records cannot be found");
    if (writes.Count() == 0) return {};
    // Needs no sync: what comes back after a power loss is forgotten by the next call.
    return sticky(to_status(database_.db().Write({}, &writes), "old records cannot be forgotten"));
}

Status RocksdbStore::flush() {
    if (Status reported = committer_.wait(); !reported) return reported;
    return sticky(to_status(database_.db().SyncWAL(), "the store cannot be flushed"));
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb_store(const StoreOptions& options) {
    return RocksdbDatabase::open(options).map(
        [&](RocksdbDatabase&& database) -> std::unique_ptr<Store> {
            return std::make_unique<RocksdbStore>(std::move(database), options);
        });
}

}  // namespace scef::queueing
