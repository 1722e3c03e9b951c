/// Debian's RocksDB is not built for ThreadSanitizer, which takes the lock-free memory table in it
/// for a race: left out are reports with a frame of that library or of the file that reads its
/// memory in place. The name and the linkage are ThreadSanitizer's.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
    return "race:librocksdb.so\n"
           "race:rocksdb_store.cpp\n";
}
