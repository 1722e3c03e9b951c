#pragma once

#include <memory>
#include <vector>

#include "tests/flow/reachable.h"

namespace scef::flow {

/// Several shards of one adapter, each a world with a device of its own that can always be reached.
/// They go on in steps of a few milliseconds, and hear each other's words a step later.
class Shards {
public:
    Shards(adapter::Config config, std::size_t count) {
        config.shards = static_cast<std::uint16_t>(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto shard = static_cast<ShardId>(i);
            worlds_.push_back(std::make_unique<World>(config, seed_of_run() + i, shard));
            worlds_[i]->carry = [this](ShardId to, adapter::Event word) {
                if (loses_words) return;
                worlds_[to]->after({}, [this, to, word] { worlds_[to]->deliver(word); });
            };
        }
        advance(1s);
    }

    World& operator[](std::size_t shard) { return *worlds_[shard]; }
    std::size_t size() const { return worlds_.size(); }
    void advance(Duration time) {
        for (Duration passed{}; passed < time; passed += step) {
            for (const auto& world : worlds_) world->advance(step);
        }
    }
    /// Requests that reached the devices, of all shards.
    std::size_t executed() const {
        std::size_t sum = 0;
        for (const auto& world : worlds_) sum += world->executed();
        return sum;
    }

    bool loses_words = false;

private:
    static constexpr Duration step = 5ms;
    std::vector<std::unique_ptr<World>> worlds_;
};

}  // namespace scef::flow
