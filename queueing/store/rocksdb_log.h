#pragma once

#include <cstdarg>
#include <functional>
#include <string>
#include <utility>

#include <rocksdb/env.h>

namespace scef::queueing {

/// Takes what RocksDB has to say: errors go to `warn`, all else is dropped. RocksDB's own log file
/// is never written, because a library built with assertions ends the process when the disk that
/// this file is on is full.
class RocksdbLog final : public rocksdb::Logger {
public:
    explicit RocksdbLog(std::function<void(const std::string&)> warn)
        : Logger(rocksdb::InfoLogLevel::ERROR_LEVEL), warn_(std::move(warn)) {}

    using Logger::Logv;
    void Logv(const char* format, va_list arguments) override;
    void Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) override;

private:
    const std::function<void(const std::string&)> warn_;
};

}  // namespace scef::queueing
