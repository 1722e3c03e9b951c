#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "queueing/batch.h"

namespace scef::queueing {

/// Reports the end of a commit: success once the batch is on stable storage. Called exactly once,
/// on a thread of the store (or inside `commit` for the engines without one).
using CommitDone = std::function<void(Status)>;

/// Receives the hot records of a shard, in key order.
class RecordVisitor {
public:
    virtual ~RecordVisitor() = default;
    virtual void on_record(RecordKind kind, ByteView key, ByteView value) = 0;
    /// A record whose check failed: it was moved to quarantine, never skipped in silence.
    virtual void on_corrupt_record(RecordKind kind, ByteView key) = 0;
};

/// Cold records of one kind in one shard whose key is in [from, to); `to` empty: no upper end.
struct Range {
    ShardId shard = 0;
    RecordKind kind = RecordKind::final_message;
    Bytes from;
    Bytes to;
    bool newest_first = false;
};

struct PageLimit {
    std::size_t records = 1000;
};

struct StoredRecord {
    Bytes key;
    Bytes value;
};

struct Page {
    std::vector<StoredRecord> records;
    bool more = false;  ///< the limit ended the page
};

/// Durable memory of all shards. Thread-safe. A batch is all or nothing, and batches of one shard
/// become durable in the order of their `commit` calls. After a failed commit every later one fails
/// too: the process must end and read back what the disk has (an fsync is never tried twice).
class Store {
public:
    virtual ~Store() = default;

    virtual void commit(Batch batch, CommitDone done) = 0;
    virtual Status load(ShardId shard, RecordVisitor& visitor) = 0;
    virtual Result<Page> read(const Range& range, PageLimit limit) = 0;
    /// Forgets cold records whose key's leading 16 octets (a message id) are older than `horizon`.
    virtual Status forget_before(WallTime horizon) = 0;
    /// Writes all that is durable to a directory of its own, which must not exist yet; commits go
    /// on meanwhile. Blocks on the disk. `unsupported` by an engine that has no disk.
    virtual Status backup(const std::string& directory) = 0;
    /// Waits until everything handed in is on stable storage.
    virtual Status flush() = 0;
};

}  // namespace scef::queueing
