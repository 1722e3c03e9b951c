#include <chrono>
#include <condition_variable>
#include <ctime>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include "queueing/record.h"
#include "queueing/store/open_store.h"
#include "tests/bench/load/ceilings.h"

namespace scef::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t value_octets = 224;

double process_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Calls `batch_of` again and again, each time for so many records, until the time is over or it
/// fails.
Ceiling repeat(std::size_t batch, Duration time, const std::function<bool()>& one_batch) {
    const auto begin = Clock::now();
    const double spent = process_seconds();
    std::uint64_t records = 0;
    while (Clock::now() - begin < time && one_batch()) records += batch;
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    const auto count = static_cast<double>(records);
    return {count / took, (process_seconds() - spent) / count * 1e6};
}

Bytes key_of(std::uint64_t number) {
    // Far apart, as the messages of many devices are.
    const std::uint64_t scattered = number * 0x9e3779b97f4a7c15u;
    return queueing::RecordWriter().number(scattered).number(number).take();
}

}  // namespace

Ceiling bare_append(const std::string& folder, std::size_t batch, Duration time) {
    const std::string path = folder + "/appended";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string octets(batch * (value_octets + 16), 'r');
    const Ceiling ceiling = repeat(batch, time, [&] {
        return ::write(file, octets.data(), octets.size()) == static_cast<ssize_t>(octets.size()) &&
               ::fdatasync(file) == 0;
    });
    ::close(file);
    std::filesystem::remove(path);
    return ceiling;
}

Ceiling bare_rocksdb(const std::string& folder, std::size_t batch, Duration time) {
    const std::string path = folder + "/bare-rocksdb";
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    if (!rocksdb::DB::Open(options, path, &opened).ok()) return {};
    std::unique_ptr<rocksdb::DB> database(opened);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const std::string value(value_octets, 'r');
    std::uint64_t number = 0;
    const Ceiling ceiling = repeat(batch, time, [&] {
        rocksdb::WriteBatch writes;
        for (std::size_t i = 0; i < batch; ++i) {
            const Bytes key = key_of(number++);
            writes.Put({reinterpret_cast<const char*>(key.data()), key.size()}, value);
        }
        return database->Write(durable, &writes).ok();
    });
    database.reset();
    std::filesystem::remove_all(path);
    return ceiling;
}

Ceiling store_commits(const std::string& folder, std::size_t batch, Duration time) {
    queueing::StoreOptions options;
    options.path = folder + "/store-commits";
    auto store = queueing::open_store(options);
    if (!store) return {};
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t under_way = 0;
    std::uint64_t number = 0;
    const Ceiling ceiling = repeat(1, time, [&] {
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return under_way < batch; });
            ++under_way;
        }
        queueing::Batch one;
        one.shard = static_cast<ShardId>(number % options.shards);
        one.put(queueing::RecordKind::message, key_of(number++), Bytes(value_octets, 0x5a));
        (*store)->commit(std::move(one), [&](const Status&) {
            const std::lock_guard lock(mutex);
            --under_way;
            changed.notify_one();
        });
        return true;
    });
    (void)(*store)->flush();
    store->reset();
    std::filesystem::remove_all(options.path);
    return ceiling;
}

}  // namespace scef::bench
