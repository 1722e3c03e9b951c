#pragma once

#include <memory>

#include "queueing/store/store.h"
#include "queueing/store/store_options.h"

namespace scef::queueing {

/// Opens the store that `options.engine` names, and creates it if there is none. Refuses, with one
/// sentence: an engine that this version has not, a store that another process uses, another number
/// of shards than it was created with, a newer format, and what the disk refuses.
Result<std::unique_ptr<Store>> open_store(const StoreOptions& options);

}  // namespace scef::queueing
