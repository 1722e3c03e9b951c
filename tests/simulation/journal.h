#pragma once

#include <map>

#include "queueing/batch.h"
#include "scef-adapter/engine/engine.h"

namespace scef::simulation {

/// A disk without weight: what was applied is there after a crash, nothing else is. It keeps what a
/// restart reads (hot records, final messages of the last minutes, Idempotency-Keys of a day) and
/// forgets the rest.
class Journal {
public:
    void apply(const queueing::Batch& batch);
    /// Everything that a new process reads before it starts.
    void load(adapter::Engine& engine, Turn& turn);
    void forget_old(WallTime wall);

    std::size_t count(queueing::RecordKind kind) const;

private:
    using Records = std::map<Bytes, Bytes>;
    std::map<queueing::RecordKind, Records> records_;
};

}  // namespace scef::simulation
