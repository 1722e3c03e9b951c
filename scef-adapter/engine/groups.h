#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "queueing/batch.h"
#include "scef-adapter/engine/fan_out_types.h"
#include "scef-adapter/engine/group_index.h"

namespace scef::adapter {

/// What one shard knows of groups: which of its devices are members of which, the settings of the
/// groups whose owner it is (`owner_of_scope`), and the messages to groups that are being fanned
/// out. Owned by an Engine; `FanOut` acts on it. Pure.
class Groups {
public:
    /// A job that this shard made and that is not done, or not canceled, everywhere.
    struct OpenJob {
        FanOutJob job;
        Bytes message;           ///< empty: each member had its turn before it was canceled
        std::set<ShardId> done;  ///< not stored: asked again after a restart
        std::uint64_t withdrawn = 0, spared = 0;  ///< by those; not stored either
    };
    struct Part {
        FanOutPart part;
        FanOutProgress progress;
        bool is_done() const { return progress.done && (!part.canceled || progress.queues_done); }
    };

    GroupIndex members;
    std::map<std::string, GroupSettings, std::less<>> settings;
    std::map<MessageId, OpenJob> jobs;
    std::map<MessageId, Part> parts;  ///< also those that are done, until the job is

    /// Null if it has none, or another shard owns the group.
    const GroupSettings* settings_of(std::string_view group) const;
    bool has_open_job(const MessageId& job) const { return jobs.contains(job); }

    /// From a record of kind group, group_job, group_part or group_progress; false if it can't be
    /// read.
    bool restore(queueing::RecordKind kind, ByteView key, ByteView value);
};

/// Keys of hot records.
Bytes group_key(std::string_view group);
Bytes fan_out_key_of(const MessageId& job);

}  // namespace scef::adapter
