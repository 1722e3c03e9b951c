#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/result.h"
#include "lwm2m-core/vocabulary/turn.h"
#include "queueing/message.h"

/// What a message to a group is made of (docs/life-of-a-message.md, "A message to a group"), and
/// the stored form of each part.
namespace scef::adapter {

struct EnqueueMessage;

/// How fast the members of a group are sent to: the notBefore of one after the other.
struct Pacing {
    std::uint32_t per_1000_seconds = 0;  ///< members; 0: all at once
    Duration jitter{};                   ///< each later by a random time of up to so much

    Duration interval() const {
        return per_1000_seconds == 0 ? Duration{}
                                     : Duration(std::chrono::seconds(1000)) / per_1000_seconds;
    }
    friend bool operator==(const Pacing&, const Pacing&) = default;
};

/// What is known of a group itself; its members are in the devices.
struct GroupSettings {
    Pacing pacing;  ///< of messages that say nothing of it
};

/// A message to a group, at the shard that made it. Never changes, but that it may be canceled.
struct FanOutJob {
    MessageId id;
    std::string group;
    Pacing pacing;
    WallTime created_at{};
    WallTime starts_at{};    ///< the first member's notBefore
    WallTime canceled_at{};  ///< never, unless somebody does
    /// How many members each shard has that has some; the places of its members in the pace
    /// are behind those of the shards before it.
    struct Share {
        ShardId shard = 0;
        std::uint32_t members = 0;
    };
    std::vector<Share> shares;
    std::uint64_t members() const;
    bool is_canceled() const { return canceled_at != WallTime{}; }
};

/// The part of a job that one shard does: what it is told.
struct FanOutPart {
    MessageId job;
    std::string group;
    Bytes message;  ///< stored form of the `EnqueueMessage` for each member
    Pacing pacing;
    WallTime starts_at{};     ///< of the job
    std::uint64_t place = 0;  ///< of its first member in the pace
    bool canceled = false;    ///< what is left to do is to undo; `message` may be empty then
};

/// How far a part is; written in the batch of the messages that it counts.
struct FanOutProgress {
    queueing::DeviceIndex next = 0;  ///< members with a lower index are done
    std::uint32_t enqueued = 0;
    std::uint32_t refused = 0;
    bool done = false;  ///< each member had its turn
    // Of one that is canceled:
    queueing::DeviceIndex next_queue = 0;  ///< queues of devices with a lower index are searched
    bool queues_done = false;
    std::uint32_t withdrawn = 0;  ///< messages that were enqueued and are canceled
    std::uint32_t spared = 0;     ///< members that had none yet, and get none
};

/// What became of one member when its turn came.
struct FanOutMember {
    std::string external_id;
    MessageId message;  ///< empty: it was refused
    WallTime not_before{};
    std::string cause;   ///< why it was refused, for programs
    std::string detail;  ///< and for people

    /// The message to the group was canceled before its turn came.
    bool is_spared() const;
};

/// How the message to a member ended.
struct FanOutEnd {
    queueing::MessageState state{};
    queueing::DeliveryLevel level{};
    queueing::Reason reason{};
    WallTime at{};
};

// ---- What engines say to each other of a job; one that is lost or comes twice does no harm.
struct BeginPart {
    FanOutPart part;
};
struct GoOnWithPart {
    MessageId job;
};
struct PartIsDone {
    MessageId job;
    ShardId shard = 0;
    bool canceled = false;  ///< what is done is the cancellation
    std::uint32_t withdrawn = 0, spared = 0;
};
struct ForgetPart {
    MessageId job;
};
struct GroupWord {
    std::variant<BeginPart, GoOnWithPart, PartIsDone, ForgetPart> word;
};

// ---- Stored forms. A reader returns `corrupt` for what it can't read.
Bytes to_record(const EnqueueMessage& message);
Result<EnqueueMessage> enqueue_message_from_record(ByteView record);
Bytes to_record(const GroupSettings& settings);
Result<GroupSettings> group_settings_from_record(ByteView record);
/// The job as people see it; `message` goes with it as long as the job is open.
Bytes to_record(const FanOutJob& job, ByteView message);
struct StoredFanOutJob {
    FanOutJob job;
    Bytes message;
};
Result<StoredFanOutJob> fan_out_job_from_record(ByteView record);
Bytes to_record(const FanOutPart& part);
Result<FanOutPart> fan_out_part_from_record(ByteView record);
Bytes to_record(const FanOutProgress& progress);
Result<FanOutProgress> fan_out_progress_from_record(ByteView record);
Bytes to_record(const FanOutMember& member);
Result<FanOutMember> fan_out_member_from_record(ByteView record);
Bytes to_record(const FanOutEnd& end);
Result<FanOutEnd> fan_out_end_from_record(ByteView record);

/// Keys of a member's two records, in the shard of the member: what became of it, and how its
/// message ended. They lie one behind the other.
Bytes fan_out_member_key(const MessageId& job, queueing::DeviceIndex device);
Bytes fan_out_end_key(const MessageId& job, queueing::DeviceIndex device);
/// The device in such a key, and whether it is that of an end; nothing if it is none.
struct FanOutKey {
    queueing::DeviceIndex device = 0;
    bool is_end = false;
};
std::optional<FanOutKey> fan_out_key(ByteView key);

}  // namespace scef::adapter
