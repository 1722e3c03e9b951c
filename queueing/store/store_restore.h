#pragma once

#include <cstdint>
#include <string>

#include "lwm2m-core/vocabulary/result.h"
#include "queueing/store/store_options.h"

namespace scef::queueing {

/// What was found while a backup was read in full.
struct RestoredStore {
    std::uint64_t hot_records = 0;
    std::uint64_t corrupt_records = 0;  ///< hot ones that fail their check: now in quarantine
};

/// Puts a copy of a backup (`Store::backup`) in the place of `options.path`, which must be empty or
/// missing. The copy is opened and every hot record checked before it gets its name; the backup
/// stays as it is. The error is a sentence for a person.
Result<RestoredStore> restore_store(const std::string& backup, const StoreOptions& options);

}  // namespace scef::queueing
