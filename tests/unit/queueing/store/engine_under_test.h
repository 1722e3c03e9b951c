#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "queueing/store/store.h"
#include "queueing/store/store_counters.h"

namespace scef::queueing {

/// A directory that ends with the test.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// One engine and its disk, for the suite that runs over all engines.
class EngineUnderTest {
public:
    virtual ~EngineUnderTest() = default;
    /// Opens a store on the same disk as before; the earlier one must be gone.
    virtual Result<std::unique_ptr<Store>> open(std::uint16_t shards = 4) = 0;
    /// Damages a stored value behind the back of the store, which must be closed.
    virtual void corrupt(ShardId shard, RecordKind kind, const Bytes& key) = 0;

    StoreCounts counts() const { return counters->counts(); }
    std::shared_ptr<StoreCounters> counters = std::make_shared<StoreCounters>();
    std::vector<std::string> warnings;
};

std::unique_ptr<EngineUnderTest> make_engine(const std::string& name);

/// Writes a batch and waits until it is reported.
Status commit(Store& store, Batch batch);

/// A batch of one record.
Batch put_of(ShardId shard, RecordKind kind, const Bytes& key, std::string_view value);

/// Keeps what a load visits.
struct Loaded : RecordVisitor {
    struct Seen {
        RecordKind kind;
        std::string key;
        std::string value;
        friend bool operator==(const Seen&, const Seen&) = default;
        friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
            return out << static_cast<int>(seen.kind) << ':' << seen.key << '=' << seen.value;
        }
    };
    void on_record(RecordKind kind, ByteView key, ByteView value) override {
        records.push_back({kind, std::string(as_text(key)), std::string(as_text(value))});
    }
    void on_corrupt_record(RecordKind, ByteView key) override {
        corrupt.emplace_back(as_text(key));
    }
    std::vector<Seen> records;
    std::vector<std::string> corrupt;
};

Loaded load(Store& store, ShardId shard);

/// The key of a cold record made `second` seconds after the epoch.
Bytes cold_key(int second, std::string_view tail = "");

/// The values of a page, in its order.
std::vector<std::string> values_of(const Result<Page>& page);

/// The suite's fixture; the parameter is the engine's name.
class StoreTest : public ::testing::TestWithParam<const char*> {
protected:
    std::unique_ptr<Store> opened(std::uint16_t shards = 4) {
        auto store = engine->open(shards);
        EXPECT_TRUE(store) << (store ? "" : store.error().message);
        return store ? std::move(*store) : nullptr;
    }
    std::unique_ptr<EngineUnderTest> engine = make_engine(GetParam());
};

inline const auto all_engines = ::testing::Values("memory", "rocksdb");
inline std::string engine_name(const ::testing::TestParamInfo<const char*>& engine) {
    return engine.param;
}

}  // namespace scef::queueing
