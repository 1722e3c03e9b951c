#pragma once

#include <cstdint>
#include <functional>

#include "queueing/store/store.h"
#include "scef-adapter/audit/audit_record.h"
#include "scef-adapter/capture/captures.h"
#include "scef-adapter/engine/engine.h"
#include "scef-adapter/feed/event_feed.h"

namespace scef::adapter {

/// How a listener reaches the engines: every call is carried to the thread that owns the shard, and
/// answers come back on that thread. Thread-safe.
class ShardAccess {
public:
    virtual ~ShardAccess() = default;

    virtual std::uint16_t shards() const = 0;

    /// Hands an event to a shard; `make` gets the reply id to put into it. `done` is called once,
    /// on the shard's thread, after the turn's records are on stable storage, and may read the
    /// engine.
    using Done = std::function<void(const Engine&, const Turn&, CommandReply)>;
    virtual void command(ShardId shard, std::function<Event(ReplyId)> make, Done done) = 0;
    /// The same for what changes something: the audit log has it in the same commit.
    virtual void change(ShardId shard, AuditNote note, std::function<Event(ReplyId)> make,
                        Done done) = 0;
    /// An entry of the audit log for what changes no record of a shard, in a commit of its own.
    /// `done` is called once it is on stable storage, on the shard's thread.
    virtual void note(ShardId shard, AuditNote note, std::function<void()> done) = 0;

    /// Reads a shard on its own thread, between turns.
    using Query = std::function<void(const Engine&, const Turn&)>;
    virtual void query(ShardId shard, Query query) = 0;

    /// What passed of a device behind packet `after`, or passes from now on (Captures); `not_found`
    /// if there is no such device. `done` is called once, on the shard's thread.
    using CaptureDone = std::function<void(const Result<CapturePage>&)>;
    virtual void capture(ShardId shard, ExternalId device, std::optional<std::uint64_t> after,
                         CaptureDone done) = 0;

    /// Every frame, T8 call and change of state of a device is logged for so long
    /// (DeviceTraces); a duration of zero ends that. Says whether that changed anything. Errors:
    /// `not_found`, `unavailable` when so many devices are traced that there is no room for
    /// another. `done` is called once, on the shard's thread.
    using TraceDone = std::function<void(const Result<bool>&)>;
    virtual void trace(ShardId shard, ExternalId device, Duration duration, TraceDone done) = 0;

    /// Cold records; `Store::read` may be called from any thread but blocks on the disk.
    virtual queueing::Store& store() = 0;

    /// What is told of devices and messages.
    virtual EventFeed& feed() = 0;

    /// Address that a server sees a device under: `127.64.0.1:15700`.
    virtual std::string endpoint_text(ShardId shard, queueing::EndpointIndex endpoint) const = 0;

    /// Store open, listeners up, not shutting down.
    virtual bool is_ready() const = 0;
};

}  // namespace scef::adapter
