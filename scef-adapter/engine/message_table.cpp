#include "scef-adapter/engine/message_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace scef::adapter {
namespace {

/// What one large turn needed is given back.
constexpr std::size_t found_kept = 4096;

}  // namespace

queueing::Message* MessageTable::find(const MessageId& id) {
    const auto found = messages_.find(id);
    if (found == messages_.end()) return nullptr;
    Entry& entry = found->second;
    if (!entry.live) {
        entry.live = entry.packed.unpack(id);
        entry.packed = PackedMessage();
    }
    if (found_.empty() || found_.back() != id) found_.push_back(id);
    return entry.live.get();
}

queueing::Message& MessageTable::insert(std::unique_ptr<Message> message) {
    Entry& entry = messages_[message->id];
    entry.packed = PackedMessage();
    entry.live = std::move(message);
    found_.push_back(entry.live->id);
    return *entry.live;
}

std::unique_ptr<queueing::Message> MessageTable::take(const MessageId& id) {
    const auto found = messages_.find(id);
    if (found == messages_.end()) return nullptr;
    Entry& entry = found->second;
    std::unique_ptr<Message> taken = entry.live ? std::move(entry.live) : entry.packed.unpack(id);
    messages_.erase(found);
    return taken;
}

void MessageTable::settle(const std::function<std::size_t(queueing::DeviceIndex)>& scef_of) {
    for (const MessageId& id : found_) {
        const auto found = messages_.find(id);
        if (found == messages_.end()) continue;
        Entry& entry = found->second;
        if (!entry.live || !may_rest(*entry.live)) continue;
        entry.packed = PackedMessage(*entry.live, scef_of(entry.live->device));
        assert(to_record(*entry.packed.unpack(id)) == to_record(*entry.live));
        entry.live.reset();
    }
    found_.clear();
    if (found_.capacity() > found_kept) found_.shrink_to_fit();
}

MessageView MessageTable::view(const MessageId& id) const {
    const auto found = messages_.find(id);
    if (found == messages_.end()) return nullptr;
    const Entry& entry = found->second;
    if (entry.live) return {MessageView(), entry.live.get()};
    return entry.packed.unpack(id);
}

std::vector<MessageId> MessageTable::ids() const {
    std::vector<MessageId> ids;
    ids.reserve(messages_.size());
    for (const auto& [id, entry] : messages_) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace scef::adapter
