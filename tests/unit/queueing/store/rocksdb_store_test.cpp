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
    write_identity(2);
    const auto store = open_rocksdb_store(options);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::unsupported);
    EXPECT_THAT(store.error().message, HasSubstr("format 2"));
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
