#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/record.h"
#include "queueing/store/open_store.h"

namespace scef::queueing {
namespace {

constexpr int rounds = 20;
constexpr std::uint16_t shards = 4;
constexpr std::uint32_t in_flight_max = 32;

/// The seed of a run: SCEF_SEED repeats one.
std::uint64_t chosen_seed() {
    if (const char* given = std::getenv("SCEF_SEED")) return std::strtoull(given, nullptr, 10);
    return std::random_device{}();
}

StoreOptions options_for(const std::string& path) {
    StoreOptions options;
    options.path = path;
    options.shards = shards;
    return options;
}

/// Each batch has two records, so that half a batch would show.
Batch numbered(std::uint32_t number) {
    Batch batch;
    batch.shard = static_cast<ShardId>(number % shards);
    const Bytes key = RecordWriter().number(number).take();
    batch.put(RecordKind::message, key, Bytes(200, static_cast<std::uint8_t>(number)));
    batch.put(RecordKind::uplink, key, {});
    return batch;
}

/// The child: commits numbers from `first` on, as fast as the pipe takes the acknowledgements.
[[noreturn]] void commit_until_killed(const std::string& path, std::uint32_t first, int report) {
    auto store = open_store(options_for(path));
    if (!store) _exit(1);
    const std::uint32_t up = UINT32_MAX;
    if (write(report, &up, sizeof up) != sizeof up) _exit(1);
    for (std::uint32_t number = first;; ++number) {
        (*store)->commit(numbered(number), [number, report](const Status& status) {
            if (!status || write(report, &number, sizeof number) != sizeof number) _exit(2);
        });
        if (number % in_flight_max == 0 && !(*store)->flush()) _exit(3);
    }
}

/// What the disk has: every number, and whether each has both of its records.
struct Recovered final : RecordVisitor {
    void on_record(RecordKind kind, ByteView key, ByteView value) override {
        RecordReader reader(key);
        const auto number = reader.number<std::uint32_t>();
        if (kind == RecordKind::uplink) {
            uplinks.insert(number);
            return;
        }
        messages.insert(number);
        whole = whole && value.size() == 200 && value[0] == static_cast<std::uint8_t>(number);
    }
    void on_corrupt_record(RecordKind, ByteView) override { whole = false; }
    std::set<std::uint32_t> messages;
    std::set<std::uint32_t> uplinks;
    bool whole = true;
};

Recovered recover(const std::string& path) {
    Recovered recovered;
    auto store = open_store(options_for(path));
    EXPECT_TRUE(store) << (store ? "" : store.error().message);
    for (ShardId shard = 0; store && shard < shards; ++shard) {
        EXPECT_TRUE((*store)->load(shard, recovered));
    }
    return recovered;
}

class StoreKillTest : public ::testing::Test {
protected:
    StoreKillTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "store-kill-XXXXXX");
        path_ = mkdtemp(pattern.data());
        std::cout << "repeat with SCEF_SEED=" << seed_ << '\n';
    }
    ~StoreKillTest() override { std::filesystem::remove_all(path_); }

    /// Runs a child for a random while, kills it, and returns what it acknowledged.
    std::set<std::uint32_t> run_and_kill(std::uint32_t first) {
        int ends[2];
        EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
        const pid_t child = fork();
        if (child == 0) commit_until_killed(path_ + "/store", first, ends[1]);
        close(ends[1]);
        const std::set<std::uint32_t> acknowledged = read_until_killed(child, ends[0]);
        close(ends[0]);
        int status = 0;
        EXPECT_EQ(waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
        return acknowledged;
    }

    const std::uint64_t seed_ = chosen_seed();
    SeededRandom random_{seed_};
    std::string path_;

private:
    std::set<std::uint32_t> read_until_killed(pid_t child, int reports) {
        using Clock = std::chrono::steady_clock;
        std::set<std::uint32_t> acknowledged;
        std::uint32_t number = 0;
        if (read(reports, &number, sizeof number) != sizeof number) return acknowledged;
        const auto moment = Clock::now() + std::chrono::microseconds(random_.below(60'000));
        bool killed = false;
        while (true) {
            if (!killed && Clock::now() >= moment) killed = kill(child, SIGKILL) == 0;
            pollfd readable{reports, POLLIN, 0};
            if (poll(&readable, 1, killed ? -1 : 1) == 0) continue;
            if (read(reports, &number, sizeof number) != sizeof number) return acknowledged;
            acknowledged.insert(number);
        }
    }
};

TEST_F(StoreKillTest, what_was_acknowledged_survives_every_kill) {
    std::set<std::uint32_t> acknowledged;
    std::uint32_t next = 1;
    for (int round = 0; round < rounds; ++round) {
        acknowledged.merge(run_and_kill(next));
        const Recovered recovered = recover(path_ + "/store");

        EXPECT_TRUE(std::includes(recovered.messages.begin(), recovered.messages.end(),
                                  acknowledged.begin(), acknowledged.end()))
            << "round " << round << " lost an acknowledged batch";
        EXPECT_EQ(recovered.messages, recovered.uplinks) << "half a batch in round " << round;
        EXPECT_TRUE(recovered.whole);
        if (!recovered.messages.empty()) next = *recovered.messages.rbegin() + 1;
    }
    std::cout << acknowledged.size() << " batches acknowledged in " << rounds << " rounds\n";
    EXPECT_FALSE(acknowledged.empty());
}

}  // namespace
}  // namespace scef::queueing
