#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "queueing/batch.h"
#include "quota/device_quota.h"
#include "scef-adapter/engine/events.h"

namespace scef::adapter {

/// Send a datagram from a virtual endpoint to a server.
struct SendDatagram {
    queueing::EndpointIndex endpoint = 0;
    SocketAddress peer;
    Bytes octets;
};

/// Make a T8 call; its end comes back as a `T8Completion`.
struct CallT8 {
    OperationId operation = 0;
    std::size_t scef = 0;  ///< index in `Config::scefs`
    nidd::T8Request request;
    std::optional<queueing::DeviceIndex> device = std::nullopt;  ///< whose it is, if it is there
};

/// Fetch the SCEF's list of configurations for all shards; comes back as `ConfigurationsListed`,
/// once for however many asked.
struct ListConfigurations {
    std::size_t scef = 0;
};

struct NotificationReply {
    ReplyId reply = 0;
    nidd::NotificationVerdict verdict;
};

/// Hand a word to the engine of another shard, or to this one: it comes in as an event.
struct SendLeaseWord {
    ShardId to = 0;
    LeaseWord word;
};

/// The same of a message to a group.
struct SendGroupWord {
    ShardId to = 0;
    GroupWord word;
};

/// What would become of a message.
struct DryRun {
    std::optional<Error> refusal;  ///< it would not be taken
    std::string refusal_scope;     ///< whose quota is used up, if that is why
    /// Why it would wait now, each with the time until which it does at the latest, if that is
    /// known. What is not known of a shared scope knows its owner (ScopeQuotas::hold_by_owner).
    struct Wait {
        queueing::Reason reason = queueing::Reason::none;
        std::string scope;   ///< the shared one that holds it, if it is one
        std::string detail;  ///< the limit
        std::optional<WallTime> until;
    };
    std::vector<Wait> waits;
    WallTime earliest{};               ///< when it may go, as far as that is known
    std::size_t queue_ahead = 0;       ///< messages of the device that go first
    std::uint32_t frames = 0;          ///< of a block-wise transfer that begins with it: all
    std::uint64_t octets = 0;          ///< on the air
    std::uint64_t octets_counted = 0;  ///< as the device's quota rounds them up
    WallTime expires_at{};
    quota::Want want;  ///< what a shared scope is asked for
};

/// Outcome of an operator's command.
struct CommandDone {
    enum class Kind : std::uint8_t { created, unchanged, updated, done } kind = Kind::done;
    MessageId message;           ///< of what enqueues; of SendToGroup, the job
    std::uint64_t affected = 0;  ///< messages that a purge ended, or whose place was taken
    std::optional<DryRun> dry_run{};
};
struct CommandReply {
    ReplyId reply = 0;
    Result<CommandDone> result;
    Duration retry_after{};     ///< with quota_exceeded and queue_full
    std::string quota_scope{};  ///< with quota_exceeded: whose it is
};

/// A line for the operator's log: something that is neither a message's state nor a counter.
struct LogLine {
    enum class Level : std::uint8_t { info, warning, error } level = Level::info;
    std::string_view id;  ///< closed set, explained in docs/LOG_MESSAGES.md
    std::string text;     ///< `key=value …`
};

using Effect = std::variant<SendDatagram, CallT8, ListConfigurations, SendLeaseWord, SendGroupWord,
                            NotificationReply, CommandReply, LogLine>;

/// What one turn wants done: first the batch, and once that is on stable storage the effects, in
/// order. Nothing of it may be visible before (architecture: durable before visible).
struct Effects {
    queueing::Batch batch;
    std::vector<Effect> effects;
};

}  // namespace scef::adapter
