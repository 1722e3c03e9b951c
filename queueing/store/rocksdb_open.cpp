#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queueing/record.h"
#include "queueing/store/rocksdb_database.h"
#include "queueing/store/rocksdb_log.h"
#include "queueing/store/sealed_record.h"

namespace scef::queueing {
namespace {

constexpr std::uint32_t format_version = 2;
constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
constexpr std::array<const char*, 4> family_names{"default", "hot", "cold", "quarantine"};
const std::string identity_key = "identity";

std::string in_quotes(const std::string& path) { return "'" + path + "'"; }

/// Makes the directory for its owner only and its entry durable.
Status make_directory(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (fs::is_directory(path, error)) return {};
    const fs::path parent = fs::absolute(path, error).lexically_normal().parent_path();
    fs::create_directories(parent, error);
    if (error) {
        return fail(Errc::storage, "the directory " + in_quotes(parent.string()) +
                                       " cannot be made: " + error.message());
    }
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return fail(Errc::storage, "the directory " + in_quotes(path) +
                                       " of the store cannot be made: " + std::strerror(errno));
    }
    if (!fs::is_directory(path, error)) {
        return fail(Errc::storage,
                    "the store needs a directory, but " + in_quotes(path) + " is none");
    }
    if (const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        directory >= 0) {
        fsync(directory);
        close(directory);
    }
    return {};
}

rocksdb::DBOptions database_options(const StoreOptions& store) {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.db_write_buffer_size = 32 * mebibyte;
    options.max_total_wal_size = 64 * mebibyte;
    options.max_background_jobs = 2;
    options.max_open_files = 256;
    options.bytes_per_sync = mebibyte;
    // A torn last record was never acknowledged; damage before it must not be taken for the end.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
    // After a failed sync nothing is tried again: the process ends and reads what the disk has.
    options.max_bgerror_resume_count = 0;
    options.info_log = std::make_shared<RocksdbLog>(store.warn);
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    return options;
}

rocksdb::ColumnFamilyOptions family_options(const std::shared_ptr<rocksdb::Cache>& cache) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.write_buffer_size = 32 * mebibyte;
    options.max_write_buffer_number = 2;
    options.target_file_size_base = 16 * mebibyte;
    options.compression = rocksdb::kNoCompression;
    options.bottommost_compression = rocksdb::kNoCompression;
    // Forgotten ranges give their room back within about a day.
    options.periodic_compaction_seconds = 24 * 3600;
    return options;
}

bool is_lock_conflict(const rocksdb::Status& status) {
    return status.IsIOError() && status.ToString().find("LOCK") != std::string::npos &&
           (status.ToString().find("lock hold by current process") != std::string::npos ||
            status.ToString().find("Resource temporarily unavailable") != std::string::npos);
}

Status open_failure(const std::string& path, const rocksdb::Status& status) {
    if (is_lock_conflict(status)) {
        return fail(Errc::conflict, "the store in " + in_quotes(path) +
                                        " is in use by another process; one store serves one "
                                        "scef-adapter");
    }
    return to_status(status, "the store in " + in_quotes(path) + " cannot be opened");
}

}  // namespace

Status to_status(const rocksdb::Status& status, const std::string& attempted) {
    if (status.ok()) return {};
    return fail(status.IsCorruption() ? Errc::corrupt : Errc::storage,
                attempted + ": " + status.ToString());
}

Result<RocksdbDatabase> RocksdbDatabase::open(const StoreOptions& options) {
    const std::string& path = options.path;
    if (path.empty()) return fail(Errc::invalid_argument, "the store needs a path");
    if (Status made = make_directory(path); !made) return tl::unexpected(made.error());

    const auto cache = rocksdb::NewLRUCache(64 * mebibyte);
    std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
    for (const char* name : family_names) descriptors.emplace_back(name, family_options(cache));

    RocksdbDatabase database;
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status opened =
        rocksdb::DB::Open(database_options(options), path, descriptors, &handles, &db);
    if (!opened.ok()) return tl::unexpected(open_failure(path, opened).error());
    database.db_.reset(db);
    for (std::size_t i = 0; i < handles.size(); ++i) database.families_[i] = handles[i];

    if (Status known = database.check_identity(options); !known) {
        return tl::unexpected(known.error());
    }
    return database;
}

RocksdbDatabase::~RocksdbDatabase() {
    if (!db_) return;
    for (rocksdb::ColumnFamilyHandle* handle : families_) {
        if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
    }
    db_->Close();
}

/// Format 1 ends with the time of creation, and its records are of schema 0.
Status RocksdbDatabase::check_identity(const StoreOptions& options) {
    const std::string store = "the store in " + in_quotes(options.path);
    std::string sealed;
    const rocksdb::Status got =
        db_->Get({}, family(Family::identity), rocksdb::Slice(identity_key), &sealed);
    if (got.IsNotFound() && !has_records()) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return write_identity(options, WallTime(std::chrono::duration_cast<Duration>(now)));
    }
    if (!got.ok()) return to_status(got, "the identity of " + store);

    const auto value = unseal(as_bytes(identity_key), as_bytes(sealed));
    if (!value) {
        return fail(Errc::corrupt, "the identity record of " + store +
                                       " fails its check; restore the directory from a backup");
    }
    RecordReader reader(*value);
    const auto format = reader.number<std::uint32_t>();
    const auto shards = reader.number<std::uint16_t>();
    const WallTime created = reader.time();
    const auto schema = format > 1 ? reader.number<std::uint32_t>() : 0;
    const std::string program = format > 1 ? reader.text() : std::string();
    if (format > format_version || schema > options.schema) {
        return fail(Errc::unsupported,
                    store + " was written by a newer " +
                        (program.empty() ? "scef-adapter" : program) + " (format " +
                        std::to_string(format) + ", schema " + std::to_string(schema) +
                        ", where this one knows " + std::to_string(format_version) + " and " +
                        std::to_string(options.schema) +
                        "); install that version again, or restore a backup from before the "
                        "upgrade");
    }
    if (shards != options.shards) {
        return fail(Errc::invalid_argument,
                    store + " was created with " + std::to_string(shards) +
                        " shards, which stays as it is; set 'shards: " + std::to_string(shards) +
                        "' instead of " + std::to_string(options.shards));
    }
    if (format == format_version && schema == options.schema) return {};
    if (Status raised = write_identity(options, created); !raised) return raised;
    if (options.upgraded) options.upgraded(schema);
    return {};
}

/// Format, shards, creation time, schema, program.
Status RocksdbDatabase::write_identity(const StoreOptions& options, WallTime created) {
    const Bytes value = RecordWriter()
                            .number(format_version)
                            .number(options.shards)
                            .time(created)
                            .number(options.schema)
                            .text(options.program)
                            .take();
    const Bytes sealed = seal(as_bytes(identity_key), value);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    rocksdb::Status status =
        db_->Put(durable, family(Family::identity), rocksdb::Slice(identity_key), to_slice(sealed));
    // Out of the log, which would otherwise be kept for this one record.
    if (status.ok()) status = db_->Flush({}, family(Family::identity));
    return to_status(status, "the store's identity cannot be written");
}

Status RocksdbDatabase::copy_to(const std::string& directory) const {
    rocksdb::Checkpoint* made = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
    // What is in memory goes to files first; the rest is links where the file system allows.
    if (status.ok()) status = checkpoint->CreateCheckpoint(directory, 0);
    return to_status(status, "the store cannot be copied to " + in_quotes(directory));
}

bool RocksdbDatabase::has_records() const {
    for (const Family which : {Family::hot, Family::cold}) {
        const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, family(which)));
        at->SeekToFirst();
        if (at->Valid() || !at->status().ok()) return true;
    }
    return false;
}

}  // namespace scef::queueing
