#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "queueing/store/store_counters.h"

namespace scef::queueing {

/// How a store is opened.
struct StoreOptions {
    std::string engine = "rocksdb";  ///< rocksdb | memory
    std::string path = "./data";     ///< directory of the rocksdb engine; made (0700) if missing
    std::uint16_t shards = 256;      ///< fixed when the store is created
    /// Whether a commit waits for the disk. Only tests of logic may switch it off: without it a
    /// power loss takes acknowledged batches along.
    bool sync = true;
    /// Where the store counts what it does; the store makes its own if this is empty.
    std::shared_ptr<StoreCounters> counters;
    /// Version of the records that the program writes and reads: a store that was opened with a
    /// higher one is refused, one with a lower one is raised to this.
    std::uint32_t schema = 0;
    std::string program;  ///< name and version, for those who are refused later
    /// Told that the store was raised from a lower format or schema; may be empty.
    std::function<void(std::uint32_t schema_before)> upgraded;
    /// Told one sentence for each thing a person must know (a record went to quarantine). Called on
    /// any thread; may be empty.
    std::function<void(const std::string& sentence)> warn;
};

}  // namespace scef::queueing
