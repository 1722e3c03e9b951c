#include "tests/unit/queueing/store/engine_under_test.h"

#include <chrono>
#include <filesystem>
#include <future>

#include <rocksdb/db.h>
#include <stdlib.h>

#include "lwm2m-core/vocabulary/message_id.h"
#include "queueing/store/memory_store.h"
#include "queueing/store/open_store.h"
#include "queueing/store/store_key.h"
#include "tests/unit/queueing/store/raw_rocksdb.h"

namespace scef::queueing {
namespace {

class MemoryEngine final : public EngineUnderTest {
public:
    Result<std::unique_ptr<Store>> open(std::uint16_t shards) override {
        StoreOptions options;
        options.shards = shards;
        options.counters = counters;
        options.warn = [this](const std::string& sentence) { warnings.push_back(sentence); };
        return MemoryStore::open(disk_, options).map([](auto store) -> std::unique_ptr<Store> {
            return store;
        });
    }
    void corrupt(ShardId shard, RecordKind kind, const Bytes& key) override {
        ASSERT_TRUE(disk_->corrupt(shard, kind, key));
    }

private:
    std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
};

class RocksdbEngine final : public EngineUnderTest {
public:
    Result<std::unique_ptr<Store>> open(std::uint16_t shards) override {
        StoreOptions options;
        options.engine = "rocksdb";
        options.path = directory_.path() + "/store";
        options.shards = shards;
        options.sync = false;
        options.counters = counters;
        options.warn = [this](const std::string& sentence) { warnings.push_back(sentence); };
        return open_store(options);
    }
    void corrupt(ShardId shard, RecordKind kind, const Bytes& key) override {
        RawRocksdb raw(directory_.path() + "/store");
        const Bytes stored = store_key(shard, kind, key);
        const char* family = is_cold(kind) ? "cold" : "hot";
        std::string value = raw.get(family, stored);
        ASSERT_FALSE(value.empty());
        value.back() = static_cast<char>(value.back() ^ 0x10);
        raw.put(family, stored, value);
    }

private:
    TemporaryDirectory directory_;
};

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "store-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
}

TemporaryDirectory::~TemporaryDirectory() { std::filesystem::remove_all(path_); }

std::unique_ptr<EngineUnderTest> make_engine(const std::string& name) {
    if (name == "memory") return std::make_unique<MemoryEngine>();
    return std::make_unique<RocksdbEngine>();
}

Status commit(Store& store, Batch batch) {
    std::promise<Status> outcome;
    store.commit(std::move(batch), [&](Status status) { outcome.set_value(std::move(status)); });
    return outcome.get_future().get();
}

Batch put_of(ShardId shard, RecordKind kind, const Bytes& key, std::string_view value) {
    Batch batch;
    batch.shard = shard;
    batch.put(kind, key, to_bytes(value));
    return batch;
}

Loaded load(Store& store, ShardId shard) {
    Loaded loaded;
    const Status status = store.load(shard, loaded);
    EXPECT_TRUE(status) << (status ? "" : status.error().message);
    return loaded;
}

Bytes cold_key(int second, std::string_view tail) {
    const auto id = MessageId::floor(WallTime(std::chrono::seconds(second)));
    Bytes key(id.octets().begin(), id.octets().end());
    const ByteView rest = as_bytes(tail);
    key.insert(key.end(), rest.begin(), rest.end());
    return key;
}

std::vector<std::string> values_of(const Result<Page>& page) {
    std::vector<std::string> values;
    EXPECT_TRUE(page) << (page ? "" : page.error().message);
    if (!page) return values;
    for (const StoredRecord& record : page->records) values.emplace_back(as_text(record.value));
    return values;
}

}  // namespace scef::queueing
