#include "nidd/endpoint/session_registry.h"

namespace scef::nidd {

std::size_t SessionRegistry::count(const std::string* peer) const {
    if (peer == nullptr) return staying_;
    const auto found = per_peer_.find(*peer);
    return found == per_peer_.end() ? 0 : found->second;
}

bool SessionRegistry::make_room(const std::string* peer) {
    for (const auto worth : {CappedSession::Worth::incomplete_head, CappedSession::Worth::idle}) {
        for (auto& [number, entry] : sessions_) {
            const bool eligible = !entry.evicted && (peer == nullptr || entry.peer == *peer);
            if (!eligible || entry.session->worth() != worth) continue;
            entry.evicted = true;
            --staying_;
            if (--per_peer_[entry.peer] == 0) per_peer_.erase(entry.peer);
            entry.session->evict();
            return true;
        }
    }
    return false;
}

bool SessionRegistry::admit(const std::shared_ptr<CappedSession>& session,
                            const std::string& peer) {
    const std::lock_guard lock(mutex_);
    if (count(&peer) >= per_peer_max_ && !make_room(&peer)) return false;
    if (count(nullptr) >= connections_max_ && !make_room(nullptr)) return false;
    const std::uint64_t number = next_number_++;
    sessions_.emplace(number, Entry{session, peer, false});
    numbers_.emplace(session.get(), number);
    ++per_peer_[peer];
    ++staying_;
    return true;
}

void SessionRegistry::remove(const CappedSession* session) {
    const std::lock_guard lock(mutex_);
    const auto number = numbers_.find(session);
    if (number == numbers_.end()) return;
    const auto entry = sessions_.find(number->second);
    if (!entry->second.evicted) {
        --staying_;
        const auto peer = per_peer_.find(entry->second.peer);
        if (--peer->second == 0) per_peer_.erase(peer);
    }
    sessions_.erase(entry);
    numbers_.erase(number);
    if (sessions_.empty()) emptied_.notify_all();
}

std::vector<std::shared_ptr<CappedSession>> SessionRegistry::all() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<CappedSession>> sessions;
    sessions.reserve(sessions_.size());
    for (const auto& [number, entry] : sessions_) sessions.push_back(entry.session);
    return sessions;
}

bool SessionRegistry::wait_until_empty(Duration patience) {
    std::unique_lock lock(mutex_);
    return emptied_.wait_for(lock, patience, [this] { return sessions_.empty(); });
}

}  // namespace scef::nidd
