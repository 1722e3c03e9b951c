#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"

namespace scef::nidd {

/// A connection as the caps see it.
class CappedSession {
public:
    /// How dear a connection is; what waits for a request may be closed for a newcomer.
    enum class Worth : std::uint8_t { incomplete_head, idle, busy };

    virtual ~CappedSession() = default;
    Worth worth() const { return worth_.load(std::memory_order_relaxed); }
    /// Closes it unless a request has meanwhile arrived; then after its response. Any thread.
    virtual void evict() = 0;
    /// Closes it after the response in progress, or at once if there is none. Any thread.
    virtual void wind_down() = 0;
    /// Closes it now. Any thread.
    virtual void abort() = 0;

protected:
    std::atomic<Worth> worth_{Worth::incomplete_head};
};

/// All connections of one listener, oldest first, with the caps in total and per peer. Thread-safe.
class SessionRegistry {
public:
    SessionRegistry(std::size_t connections_max, std::size_t per_peer_max)
        : connections_max_(connections_max), per_peer_max_(per_peer_max) {}

    /// Takes a newcomer in. At a cap the oldest connection without a complete head goes for it,
    /// else the oldest idle one; false if there is neither.
    bool admit(const std::shared_ptr<CappedSession>& session, const std::string& peer);
    void remove(const CappedSession* session);

    std::vector<std::shared_ptr<CappedSession>> all() const;
    /// Waits until there is none left; false if that takes longer than `patience`.
    bool wait_until_empty(Duration patience);

private:
    struct Entry {
        std::shared_ptr<CappedSession> session;
        std::string peer;
        bool evicted = false;
    };
    /// Evicts one of `peer`'s, or of anybody's if `peer` is null.
    bool make_room(const std::string* peer);
    /// A connection that was told to go still shuts down; it does not count any more.
    std::size_t count(const std::string* peer) const;

    const std::size_t connections_max_;
    const std::size_t per_peer_max_;
    mutable std::mutex mutex_;
    std::condition_variable emptied_;
    std::map<std::uint64_t, Entry> sessions_;
    std::map<const CappedSession*, std::uint64_t> numbers_;
    std::map<std::string, std::size_t> per_peer_;
    std::size_t staying_ = 0;
    std::uint64_t next_number_ = 0;
};

}  // namespace scef::nidd
