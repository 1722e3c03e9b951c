#include "queueing/store/open_store.h"

#include "queueing/store/memory_store.h"
#include "queueing/store/rocksdb_store.h"

namespace scef::queueing {

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
    if (options.shards == 0) {
        return fail(Errc::invalid_argument, "a store needs at least one shard");
    }
    if (options.engine == "rocksdb") return open_rocksdb_store(options);
    if (options.engine == "memory") {
        return MemoryStore::open(std::make_shared<MemoryDisk>(), options)
            .map([](auto store) -> std::unique_ptr<Store> { return store; });
    }
    return fail(Errc::unsupported, "the store engine '" + options.engine +
                                       "' is not in this version, which has rocksdb and memory");
}

}  // namespace scef::queueing
