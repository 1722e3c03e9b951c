#include "queueing/store/store_restore.h"

#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

#include "queueing/store/open_store.h"

namespace scef::queueing {
namespace {

namespace fs = std::filesystem;

std::string in_quotes(const fs::path& path) { return "'" + path.string() + "'"; }

class Counter final : public RecordVisitor {
public:
    void on_record(RecordKind, ByteView, ByteView) override { ++counts.hot_records; }
    void on_corrupt_record(RecordKind, ByteView) override { ++counts.corrupt_records; }
    RestoredStore counts;
};

/// Makes what was written to a file or a directory durable.
bool make_durable(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done;
}

Status copy_durably(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::remove_all(to, error);
    fs::create_directories(to, error);
    if (!error) fs::permissions(to, fs::perms::owner_all, error);
    if (!error) fs::copy(from, to, fs::copy_options::recursive, error);
    if (error) {
        return fail(Errc::storage, "the backup " + in_quotes(from) + " cannot be copied to " +
                                       in_quotes(to) + ": " + error.message());
    }
    bool durable = true;
    for (const auto& file : fs::directory_iterator(to)) {
        durable = make_durable(file.path()) && durable;
    }
    if (durable && make_durable(to)) return {};
    return fail(Errc::storage, "the copy in " + in_quotes(to) + " cannot be made durable");
}

Result<RestoredStore> checked(const StoreOptions& options) {
    auto store = open_store(options);
    if (!store) return tl::unexpected<Error>(std::move(store.error()));
    Counter counter;
    for (std::uint16_t shard = 0; shard < options.shards; ++shard) {
        if (Status read = (*store)->load(shard, counter); !read) {
            return tl::unexpected<Error>(std::move(read.error()));
        }
    }
    return counter.counts;
}

}  // namespace

Result<RestoredStore> restore_store(const std::string& backup, const StoreOptions& options) {
    std::error_code error;
    if (options.engine != "rocksdb") {
        return fail(Errc::unsupported, "only the store engine rocksdb has backups");
    }
    if (!fs::is_regular_file(fs::path(backup) / "CURRENT", error)) {
        return fail(Errc::not_found, in_quotes(backup) + " is no backup of a store");
    }
    const fs::path target(options.path);
    if (fs::exists(target, error) && !fs::is_empty(target, error)) {
        return fail(Errc::conflict, "there is something in " + in_quotes(target) +
                                        " already; stop the adapter that uses it and move it away");
    }
    const fs::path copied = target.lexically_normal().parent_path() /
                            (target.lexically_normal().filename().string() + ".restoring");
    if (Status made = copy_durably(backup, copied); !made) {
        return tl::unexpected<Error>(std::move(made.error()));
    }
    StoreOptions of_copy = options;
    of_copy.path = copied.string();
    auto counts = checked(of_copy);
    if (!counts) {
        fs::remove_all(copied, error);
        return counts;
    }
    fs::rename(copied, target, error);
    const fs::path parent = fs::absolute(target).parent_path();
    if (error || !make_durable(parent)) {
        return fail(Errc::storage, "the copy cannot be moved to " + in_quotes(target) +
                                       (error ? ": " + error.message() : std::string()));
    }
    return counts;
}

}  // namespace scef::queueing
