#pragma once

#include <memory>

#include "queueing/store/store.h"
#include "queueing/store/store_options.h"

namespace scef::queueing {

/// Opens the embedded engine: RocksDB with a synchronous write-ahead log and one committer thread,
/// on which every `done` runs. Hot records, cold records and quarantined ones are column families
/// of their own. The directory is made (0700) if missing. Closing commits and reports what was
/// handed in.
Result<std::unique_ptr<Store>> open_rocksdb_store(const StoreOptions& options);

}  // namespace scef::queueing
