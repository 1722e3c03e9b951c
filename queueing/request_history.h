#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/message_id.h"
#include "lwm2m-core/vocabulary/socket_address.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::queueing {

/// What was answered to requests, so that a retransmission gets the same outcome and goes no
/// further (RFC 7252 4.5, exchanges D1 and U1-U2). One for a shard and direction, with a budget for
/// each scope (virtual endpoint, or device), so that a talkative one forgets its own requests
/// first, and a budget for all. One ring holds them all, the oldest first, and shrinks with them:
/// single allocations among the devices of a shard would leave holes there. Pure.
class RequestHistory {
public:
    struct Key {
        std::uint32_t scope = 0;  ///< virtual endpoint, or device
        std::uint64_t peer = 0;   ///< hash of the peer's address; the ports for a device
        std::uint16_t message_id = 0;
        std::uint64_t content = 0;  ///< hash of the octets: other octets are another request
    };
    /// What became of a request seen before. `answer` stands until the next call of add() or
    /// set_answer().
    struct Outcome {
        MessageId message;  ///< empty if it was answered without one
        ByteView answer;    ///< empty while there is none
    };
    struct Budget {
        std::size_t scope_octets;  ///< of one scope, its newest request always excepted
        std::size_t octets;        ///< of all
    };

    explicit RequestHistory(Budget budget) : budget_(budget) {}

    static Key key(std::uint32_t scope, const SocketAddress& peer, std::uint16_t message_id,
                   std::uint64_t content);

    /// Nothing for a request that is new, or was forgotten.
    std::optional<Outcome> find(const Key& key, Instant now);
    /// Remembers a new request until then; the oldest ones make room for it.
    void add(const Key& key, Instant forget_at, MessageId message = {}, ByteView answer = {});
    /// Nothing happens if the request was forgotten.
    void set_message(const Key& key, MessageId message);
    void set_answer(const Key& key, ByteView answer);

    std::size_t size() const { return size_; }
    std::size_t octets() const { return octets_; }  ///< by the reckoning of the budgets

private:
    struct Entry {
        std::uint64_t fingerprint = 0;  ///< of scope, peer, message id and content
        MessageId message;
        Bytes answer;
        std::uint32_t scope = 0;
        std::uint32_t forget_at = 0;  ///< seconds of the steady clock, rounded up; 0: dropped
        std::uint32_t older = 0;      ///< number of the next older one in its bucket
    };

    static std::uint64_t fingerprint(const Key& key);
    static std::size_t cost(const Entry& entry);
    Entry& at(std::uint32_t number) { return ring_[number & (ring_.size() - 1)]; }
    std::uint32_t& bucket_of(std::uint32_t scope);
    bool is_kept(std::uint32_t number) const { return number >= first_ && number < next_; }
    Entry* entry_of(const Key& key);
    void append(Entry entry);
    void drop(Entry& entry);
    void drop_older_of(const Entry& newest);
    void forget_old(Instant now);
    void resize();

    Budget budget_;
    std::vector<Entry> ring_;             ///< by number modulo its size, a power of two
    std::vector<std::uint32_t> buckets_;  ///< number of the newest entry of some scopes
    std::uint32_t first_ = 0, next_ = 0;  ///< the numbers in the ring, in order of age
    std::size_t octets_ = 0;
    std::size_t size_ = 0;
};

}  // namespace scef::queueing
