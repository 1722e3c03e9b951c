#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <string>

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include "queueing/record.h"
#include "queueing/store/open_store.h"

namespace scef::queueing {
namespace {

/// Lets at most `limit` batches be under way.
class Window {
public:
    explicit Window(std::int64_t limit) : limit_(limit) {}
    void enter() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return inside_ < limit_; });
        ++inside_;
    }
    void leave() {
        const std::lock_guard lock(mutex_);
        --inside_;
        changed_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    const std::int64_t limit_;
    std::int64_t inside_ = 0;
};

/// The records of one downlink's admission: the message and the first line of its timeline.
Batch downlink(std::uint64_t number) {
    Batch batch;
    batch.shard = static_cast<ShardId>(number % 256);
    const Bytes key = RecordWriter().number(number).number(number).take();
    batch.put(RecordKind::message, key, Bytes(200, 0x5a));
    batch.put(RecordKind::timeline, key, Bytes(40, 0xa5));
    return batch;
}

/// Durable batches per second with so many batches in flight, from one thread.
void durable_commits(benchmark::State& state) {
    std::string pattern = (std::filesystem::current_path() / "store-bench-XXXXXX").string();
    StoreOptions options;
    options.path = mkdtemp(pattern.data());
    options.counters = std::make_shared<StoreCounters>();
    auto store = open_store(options);
    if (!store) {
        state.SkipWithError(store.error().message.c_str());
        return;
    }
    Window window(state.range(0));
    std::uint64_t number = 0;
    for (auto _ : state) {
        window.enter();
        (*store)->commit(downlink(number++), [&](const Status&) { window.leave(); });
    }
    if (!(*store)->flush()) state.SkipWithError("a commit failed");
    const StoreCounts counts = options.counters->counts();
    state.SetItemsProcessed(static_cast<std::int64_t>(counts.batches));
    state.counters["batches_per_sync"] =
        static_cast<double>(counts.batches) / static_cast<double>(counts.commits);
    store->reset();
    std::filesystem::remove_all(options.path);
}

BENCHMARK(durable_commits)->Arg(1)->Arg(16)->Arg(256)->UseRealTime()->MinTime(2.0);

}  // namespace
}  // namespace scef::queueing

BENCHMARK_MAIN();
