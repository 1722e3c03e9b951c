#include "queueing/store/rocksdb_log.h"

#include <array>
#include <cstdio>

namespace scef::queueing {

/// RocksDB calls this one for its header and other lines without a level.
void RocksdbLog::Logv(const char*, va_list) {}

void RocksdbLog::Logv(rocksdb::InfoLogLevel level, const char* format, va_list arguments) {
    if (!warn_ || (level != rocksdb::InfoLogLevel::ERROR_LEVEL &&
                   level != rocksdb::InfoLogLevel::FATAL_LEVEL)) {
        return;
    }
    std::array<char, 512> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    warn_("RocksDB says: " + std::string(line.data()));
}

}  // namespace scef::queueing
