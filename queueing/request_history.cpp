#include "queueing/request_history.h"

#include <utility>

namespace scef::queueing {

std::size_t RequestHistory::KeyHash::operator()(const Key& key) const noexcept {
    std::uint64_t hash = key.peer ^ (std::uint64_t{key.scope} << 16 | key.message_id);
    hash *= 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(hash ^ (hash >> 29));
}

RequestHistory::Key RequestHistory::key(std::uint32_t scope, const SocketAddress& peer,
                                        std::uint16_t message_id) {
    Bytes octets(peer.octets.begin(), peer.octets.end());
    octets.push_back(static_cast<std::uint8_t>(peer.port >> 8));
    octets.push_back(static_cast<std::uint8_t>(peer.port));
    return {scope, stable_hash(octets), message_id};
}

RequestHistory::Entry* RequestHistory::find(const Key& key, std::uint64_t content, Instant now) {
    forget_old(now);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.content != content) return nullptr;
    if (found->second.forget_at <= now) return nullptr;
    return &found->second;
}

RequestHistory::Entry& RequestHistory::add(const Key& key, Entry entry) {
    order_.emplace_back(key, entry.forget_at);
    Entry& place = entries_[key];
    place = std::move(entry);
    while (order_.size() > entries_max_) {
        const auto [oldest, forget_at] = order_.front();
        order_.pop_front();
        const auto found = entries_.find(oldest);
        if (found != entries_.end() && found->second.forget_at == forget_at) entries_.erase(found);
    }
    return place;
}

void RequestHistory::set_answer(const Key& key, std::uint64_t content, Bytes answer) {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.content != content) return;
    found->second.answer = std::move(answer);
}

void RequestHistory::forget_old(Instant now) {
    while (!order_.empty() && order_.front().second <= now) {
        const auto [oldest, forget_at] = order_.front();
        order_.pop_front();
        const auto found = entries_.find(oldest);
        if (found != entries_.end() && found->second.forget_at == forget_at) entries_.erase(found);
    }
}

}  // namespace scef::queueing
