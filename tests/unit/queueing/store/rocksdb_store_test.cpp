#include "queueing/store/rocksdb_store.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "queueing/record.h"
#include "queueing/store/sealed_record.h"
#include "queueing/store/store_key.h"
#include "queueing/store/store_restore.h"
#include "tests/unit/queueing/store/engine_under_test.h"
#include "tests/unit/queueing/store/raw_rocksdb.h"

namespace scef::queueing {
namespace {

using ::testing::HasSubstr;

class RocksdbStoreTest : public ::testing::Test {
protected:
    RocksdbStoreTest() { options.path = directory.path() + "/a/store"; }
    std::unique_ptr<Store> opened() {
        auto store = open_rocksdb_store(options);
        EXPECT_TRUE(store) << (store ? "" : store.error().message);
        return store ? std::move(*store) : nullptr;
    }
    void write_identity(std::uint32_t format) {
        const std::string key = "identity";
        const Bytes value =
            RecordWriter().number(format).number(options.shards).time(WallTime{}).take();
        const Bytes sealed = seal(as_bytes(key), value);
        RawRocksdb(options.path).put("default", as_bytes(key), std::string(as_text(sealed)));
    }
    TemporaryDirectory directory;
    StoreOptions options;
};

/// No file of this process may grow beyond some octets while this lives: the disk is full.
class FullDisk {
public:
    explicit FullDisk(rlim_t octets) {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit full{octets, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

TEST_F(RocksdbStoreTest, the_directory_is_made_for_its_owner_only) {
    opened();
    struct stat info {};
    ASSERT_EQ(stat(options.path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0700u);
}

TEST_F(RocksdbStoreTest, a_newer_format_is_refused) {
    opened();
    write_identity(3);
    const auto store = open_rocksdb_store(options);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::unsupported);
    EXPECT_THAT(store.error().message, HasSubstr("format 3"));
}

TEST_F(RocksdbStoreTest, an_older_format_is_raised_and_its_records_stay) {
    ASSERT_TRUE(commit(*opened(), put_of(1, RecordKind::device, {1}, "a device")));
    write_identity(1);
    std::vector<std::uint32_t> raised_from;
    options.schema = 5;
    options.upgraded = [&](std::uint32_t before) { raised_from.push_back(before); };
    for (int times = 0; times < 2; ++times) {
        const auto store = opened();
        ASSERT_TRUE(store);
        EXPECT_EQ(load(*store, 1).records.at(0).value, "a device");
        EXPECT_EQ(raised_from, (std::vector<std::uint32_t>{0}));
    }
}

TEST_F(RocksdbStoreTest, an_older_program_refuses_what_a_newer_one_opened_and_harms_nothing) {
    options.schema = 5;
    options.program = "scef-adapter 9.9";
    ASSERT_TRUE(commit(*opened(), put_of(1, RecordKind::device, {1}, "a device")));
    options.schema = 4;
    options.program = "scef-adapter 0.1";
    const auto older = open_rocksdb_store(options);
    ASSERT_FALSE(older);
    EXPECT_EQ(older.error().code, Errc::unsupported);
    EXPECT_THAT(older.error().message, HasSubstr("newer scef-adapter 9.9"));
    EXPECT_THAT(older.error().message, HasSubstr("restore a backup from before the upgrade"));
    options.schema = 5;
    EXPECT_EQ(load(*opened(), 1).records.at(0).value, "a device");
    options.schema = 6;
    EXPECT_EQ(load(*opened(), 1).records.at(0).value, "a device");
}

TEST_F(RocksdbStoreTest, a_backup_has_what_was_durable_and_nothing_of_later) {
    auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, {1}, "before")));
    ASSERT_TRUE(commit(*store, put_of(2, RecordKind::timeline, cold_key(5), "history")));
    const std::string backup = directory.path() + "/backup";
    ASSERT_TRUE(store->backup(backup));
    EXPECT_FALSE(store->backup(backup));  // never over another one
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, {1}, "after")));
    store.reset();
    std::filesystem::remove_all(options.path);

    const auto restored = restore_store(backup, options);
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->hot_records, 1u);
    EXPECT_EQ(restored->corrupt_records, 0u);
    store = opened();
    EXPECT_EQ(load(*store, 1).records.at(0).value, "before");
    EXPECT_EQ(values_of(store->read({2, RecordKind::timeline, {}, {}, false}, {})),
              (std::vector<std::string>{"history"}));
}

TEST_F(RocksdbStoreTest, a_restore_counts_damaged_records_and_leaves_the_backup_as_it_is) {
    auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, {1}, "good")));
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, {2}, "bad")));
    const std::string backup = directory.path() + "/backup";
    ASSERT_TRUE(store->backup(backup));
    store.reset();
    std::filesystem::remove_all(options.path);
    RawRocksdb(backup).put("hot", store_key(1, RecordKind::device, Bytes{2}), "no checksum");
    const auto restored = restore_store(backup, options);
    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->hot_records, 1u);
    EXPECT_EQ(restored->corrupt_records, 1u);
    EXPECT_EQ(RawRocksdb(backup).all("hot").size(), 2u);
}

TEST_F(RocksdbStoreTest, a_restore_refuses_what_would_do_harm) {
    auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(1, RecordKind::device, {1}, "a device")));
    const std::string backup = directory.path() + "/backup";
    ASSERT_TRUE(store->backup(backup));
    store.reset();
    EXPECT_EQ(restore_store(backup, options).error().code, Errc::conflict);
    StoreOptions other = options;
    other.path = directory.path() + "/other";
    EXPECT_EQ(restore_store(directory.path() + "/nothing", other).error().code, Errc::not_found);
    other.shards = 7;
    EXPECT_THAT(restore_store(backup, other).error().message, HasSubstr("shards"));
    EXPECT_FALSE(std::filesystem::exists(other.path));
    other.shards = options.shards;
    std::filesystem::create_directory(other.path);
    EXPECT_TRUE(restore_store(backup, other));
}

TEST_F(RocksdbStoreTest, a_damaged_identity_is_refused) {
    opened();
    RawRocksdb(options.path).put("default", as_bytes("identity"), "rubbish");
    EXPECT_EQ(open_rocksdb_store(options).error().code, Errc::corrupt);
}

TEST_F(RocksdbStoreTest, a_bad_record_is_kept_in_quarantine_as_it_was) {
    ASSERT_TRUE(commit(*opened(), put_of(1, RecordKind::device, to_bytes("d"), "value")));
    const Bytes key = store_key(1, RecordKind::device, to_bytes("d"));
    RawRocksdb(options.path).put("hot", key, "damaged");

    EXPECT_EQ(load(*opened(), 1).corrupt.size(), 1u);

    RawRocksdb raw(options.path);
    const auto kept = raw.all("quarantine");
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_TRUE(kept.begin()->first.starts_with(as_text(key)));
    EXPECT_EQ(kept.begin()->second, "damaged");
    EXPECT_TRUE(raw.all("hot").empty());
}

TEST_F(RocksdbStoreTest, after_a_failed_commit_all_fail_until_it_is_opened_again) {
    auto store = opened();
    ASSERT_TRUE(commit(*store, put_of(0, RecordKind::device, to_bytes("a"), "kept")));
    {
        const FullDisk full(4096);
        const std::string big(100'000, 'x');
        EXPECT_FALSE(commit(*store, put_of(0, RecordKind::device, to_bytes("b"), big)));
    }
    const Status later = commit(*store, put_of(0, RecordKind::device, to_bytes("c"), "late"));
    ASSERT_FALSE(later);
    EXPECT_EQ(later.error().code, Errc::storage);
    EXPECT_THAT(later.error().message, HasSubstr("no more writes"));
    EXPECT_FALSE(store->flush());

    store.reset();
    store = opened();
    EXPECT_EQ(load(*store, 0).records.front().value, "kept");
    EXPECT_TRUE(commit(*store, put_of(0, RecordKind::device, to_bytes("c"), "late")));
}

TEST_F(RocksdbStoreTest, damage_in_the_middle_of_the_log_is_not_taken_for_its_end) {
    auto store = opened();
    for (const char* key : {"a", "b", "c"}) {
        const std::string value(1000, 'v');
        ASSERT_TRUE(commit(*store, put_of(0, RecordKind::device, to_bytes(key), value)));
    }
    store.reset();
    for (const auto& entry : std::filesystem::directory_iterator(options.path)) {
        if (entry.path().extension() != ".log" || entry.file_size() < 3000) continue;
        std::fstream log(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
        log.seekp(1500);
        log.put('#');
    }
    EXPECT_FALSE(open_rocksdb_store(options));
}

}  // namespace
}  // namespace scef::queueing
