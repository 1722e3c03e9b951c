#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "queueing/store/store.h"

namespace scef::adapter {

/// Reads cold records on two threads of its own, because the disk may take its time. Thread-safe.
/// At most 256 reads wait; more are `overloaded`. The destructor waits for reads under way and
/// drops the rest without an answer.
class ColdReader {
public:
    static constexpr std::size_t waiting_max = 256;
    using Done = std::function<void(Result<queueing::Page>)>;
    /// What a read sees: what is in the store, or also all that was handed in before, however long
    /// the disk takes for it.
    enum class Sees : std::uint8_t { stored, handed_in };

    explicit ColdReader(queueing::Store& store);
    ~ColdReader();
    ColdReader(const ColdReader&) = delete;
    ColdReader& operator=(const ColdReader&) = delete;

    /// Reads and calls `done` on one of the threads (`overloaded`: on the caller's).
    void read(queueing::Range range, queueing::PageLimit limit, Done done,
              Sees sees = Sees::stored);

    /// Does other work that waits for the disk; false if too much waits already.
    bool run(std::function<void()> work);

private:
    class Pool;
    std::unique_ptr<Pool> pool_;
};

/// The cold records of one message.
queueing::Range range_of(ShardId shard, queueing::RecordKind kind, const MessageId& id);

}  // namespace scef::adapter
