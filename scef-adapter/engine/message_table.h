#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "queueing/message.h"
#include "scef-adapter/engine/packed_message.h"

namespace scef::adapter {

/// A message as it was when it was asked for. Of one that is not packed good until the next turn.
using MessageView = std::shared_ptr<const queueing::Message>;

/// All open messages of a shard. Most of them wait for their device to wake: these are kept packed.
/// One that is found is unpacked, and what is handed out stays where it is until `settle`, at the
/// end of the turn, packs those that may rest again. Owned by the shard's engine. Pure.
class MessageTable {
public:
    using Message = queueing::Message;

    MessageTable() = default;
    MessageTable(const MessageTable&) = delete;
    MessageTable& operator=(const MessageTable&) = delete;

    // ---- In a turn
    /// Null: there is no such message.
    Message* find(const MessageId& id);
    Message& insert(std::unique_ptr<Message> message);
    /// The message is no longer found; it is the caller's now. Null: there is none.
    std::unique_ptr<Message> take(const MessageId& id);
    /// At the end of a turn: packs what was found in it and may rest. `scef_of` tells the place of
    /// a device's SCEF in the configuration, which stays while the device lives. Ends the life of
    /// every reference.
    void settle(const std::function<std::size_t(queueing::DeviceIndex)>& scef_of);

    // ---- At any time; nothing is unpacked for good.
    bool contains(const MessageId& id) const { return messages_.contains(id); }
    std::size_t size() const { return messages_.size(); }
    MessageView view(const MessageId& id) const;
    /// In order of creation.
    std::vector<MessageId> ids() const;
    /// Each message, by a glance at those that rest (they are queued).
    template <typename Live, typename Resting>
    void for_each(Live live, Resting resting) const {
        for (const auto& [id, entry] : messages_) {
            if (entry.live) {
                live(*entry.live);
            } else {
                resting(entry.packed.glance(id));
            }
        }
    }

private:
    /// One of the two.
    struct Entry {
        std::unique_ptr<Message> live;
        PackedMessage packed;
    };

    std::unordered_map<MessageId, Entry> messages_;
    std::vector<MessageId> found_;  ///< in this turn, some of them more than once
};

}  // namespace scef::adapter
