#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <rocksdb/db.h>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/store/store_options.h"

/// What the files of the RocksDB engine share; nobody else includes this.
namespace scef::queueing {

enum class Family : std::uint8_t { identity, hot, cold, quarantine };

/// An open RocksDB and its column families, closed in the right order. Thread-safe.
class RocksdbDatabase {
public:
    /// Opens or creates the database in `options.path` and checks that it belongs to this version
    /// and this number of shards.
    static Result<RocksdbDatabase> open(const StoreOptions& options);

    /// A copy of what is durable now, in a directory that does not exist yet.
    Status copy_to(const std::string& directory) const;

    RocksdbDatabase(RocksdbDatabase&&) = default;
    RocksdbDatabase& operator=(RocksdbDatabase&&) = delete;
    ~RocksdbDatabase();

    rocksdb::DB& db() const { return *db_; }
    rocksdb::ColumnFamilyHandle* family(Family which) const {
        return families_[static_cast<std::size_t>(which)];
    }

private:
    RocksdbDatabase() = default;
    Status check_identity(const StoreOptions& options);
    Status write_identity(const StoreOptions& options, WallTime created);
    bool has_records() const;

    std::unique_ptr<rocksdb::DB> db_;
    std::array<rocksdb::ColumnFamilyHandle*, 4> families_{};
};

inline rocksdb::Slice to_slice(ByteView octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}
inline ByteView to_view(const rocksdb::Slice& slice) {
    return as_bytes({slice.data(), slice.size()});
}

/// RocksDB's verdict as ours: `corrupt` or `storage`, with what was attempted.
Status to_status(const rocksdb::Status& status, const std::string& attempted);

}  // namespace scef::queueing
