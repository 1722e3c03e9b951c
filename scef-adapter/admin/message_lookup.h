#pragma once

#include <functional>

#include <nlohmann/json.hpp>

#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/runtime/shard_access.h"

namespace scef::adapter {

/// Finds a message wherever it is: open in its engine, ended in the store, or for a moment in
/// neither, while the record of its end is being written. Thread-safe.
class MessageLookup {
public:
    MessageLookup(ShardAccess& shards, ColdReader& cold) : shards_(shards), cold_(cold) {}

    struct Found {
        nlohmann::json document;
        bool open = false;  ///< its state is not terminal
    };
    using Done = std::function<void(Result<Found>)>;

    /// Calls `done` once, on any thread; `not_found` if there is no such message (any more).
    void find(const MessageId& id, Done done) const;

    /// A message that has ended, as it is stored; `conflict` if it is still open.
    using RecordDone = std::function<void(Result<queueing::Message>)>;
    void find_record(const MessageId& id, RecordDone done) const;

private:
    void read_final(const MessageId& id, bool again, RecordDone done) const;

    ShardAccess& shards_;
    ColdReader& cold_;
};

}  // namespace scef::adapter
