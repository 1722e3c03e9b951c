#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::queueing {

/// What was answered to requests, so that a retransmission gets the same outcome and goes no
/// further (RFC 7252 4.5, exchanges D1 and U1-U2). One for a shard and direction; the oldest
/// entries go when their lifetime or the budget of entries is over. Pure.
class RequestHistory {
public:
    struct Key {
        std::uint32_t scope = 0;  ///< virtual endpoint, or device
        std::uint64_t peer = 0;   ///< hash of the peer's address; 0 for the device
        std::uint16_t message_id = 0;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Entry {
        std::uint64_t content = 0;  ///< hash of the request's octets
        MessageId message;          ///< empty if it was answered without one
        Bytes answer;               ///< stored answer; empty while there is none
        Instant forget_at;
    };

    explicit RequestHistory(std::size_t entries_max) : entries_max_(entries_max) {}

    static Key key(std::uint32_t scope, const SocketAddress& peer, std::uint16_t message_id);

    /// The entry of a request seen before with the same octets; null for a new request (also when
    /// the same message id comes with other octets, or too late).
    Entry* find(const Key& key, std::uint64_t content, Instant now);
    /// Remembers a request, in place of an older one with the same key.
    Entry& add(const Key& key, Entry entry);
    /// Nothing if the key meanwhile stands for a request with other octets.
    void set_answer(const Key& key, std::uint64_t content, Bytes answer);

    std::size_t size() const { return entries_.size(); }

private:
    struct KeyHash {
        std::size_t operator()(const Key& key) const noexcept;
    };
    void forget_old(Instant now);

    std::size_t entries_max_;
    std::unordered_map<Key, Entry, KeyHash> entries_;
    std::deque<std::pair<Key, Instant>> order_;
};

}  // namespace scef::queueing
