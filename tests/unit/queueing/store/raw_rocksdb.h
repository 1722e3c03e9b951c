#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::queueing {

/// The database of a closed store, without the store.
class RawRocksdb {
public:
    explicit RawRocksdb(const std::string& path) {
        std::vector<std::string> names;
        const rocksdb::Options options;
        EXPECT_TRUE(rocksdb::DB::ListColumnFamilies(options, path, &names).ok());
        std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
        for (const auto& name : names) descriptors.emplace_back(name, options);
        std::vector<rocksdb::ColumnFamilyHandle*> handles;
        rocksdb::DB* db = nullptr;
        const auto status = rocksdb::DB::Open(options, path, descriptors, &handles, &db);
        EXPECT_TRUE(status.ok()) << status.ToString();
        db_.reset(db);
        for (auto* handle : handles) families_[handle->GetName()] = handle;
    }
    ~RawRocksdb() {
        for (const auto& [name, handle] : families_) db_->DestroyColumnFamilyHandle(handle);
    }
    RawRocksdb(const RawRocksdb&) = delete;
    RawRocksdb& operator=(const RawRocksdb&) = delete;

    std::string get(const std::string& family, ByteView key) {
        std::string value;
        db_->Get({}, families_.at(family), slice(key), &value);
        return value;
    }
    void put(const std::string& family, ByteView key, const std::string& value) {
        EXPECT_TRUE(db_->Put({}, families_.at(family), slice(key), value).ok());
    }
    std::map<std::string, std::string> all(const std::string& family) {
        std::map<std::string, std::string> records;
        const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, families_.at(family)));
        for (at->SeekToFirst(); at->Valid(); at->Next()) {
            records.emplace(at->key().ToString(), at->value().ToString());
        }
        return records;
    }

private:
    static rocksdb::Slice slice(ByteView octets) {
        const std::string_view text = as_text(octets);
        return {text.data(), text.size()};
    }
    std::unique_ptr<rocksdb::DB> db_;
    std::map<std::string, rocksdb::ColumnFamilyHandle*> families_;
};

}  // namespace scef::queueing
