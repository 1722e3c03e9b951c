#include "queueing/request_history.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace scef::queueing {

namespace {

constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
constexpr std::size_t ring_min = 16;
constexpr std::uint32_t none = UINT32_MAX;  ///< no entry; before it is reached, numbers begin anew

std::uint32_t count_of(std::chrono::seconds seconds) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(seconds.count(), 0));
}
std::uint32_t second_of(Instant now) {
    return count_of(std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()));
}
std::uint32_t second_after(Instant until) {
    return count_of(std::chrono::ceil<std::chrono::seconds>(until.time_since_epoch()));
}

}  // namespace

RequestHistory::Key RequestHistory::key(std::uint32_t scope, const SocketAddress& peer,
                                        std::uint16_t message_id, std::uint64_t content) {
    Bytes octets(peer.octets.begin(), peer.octets.end());
    octets.push_back(static_cast<std::uint8_t>(peer.port >> 8));
    octets.push_back(static_cast<std::uint8_t>(peer.port));
    return {scope, stable_hash(octets), message_id, content};
}

std::uint64_t RequestHistory::fingerprint(const Key& key) {
    std::uint64_t hash = (key.peer ^ key.message_id) * odd;
    hash = (hash ^ (hash >> 29) ^ key.content) * odd;
    hash = (hash ^ (hash >> 31) ^ key.scope) * odd;
    return hash ^ (hash >> 32);
}

std::size_t RequestHistory::cost(const Entry& entry) {
    return sizeof(Entry) + sizeof(std::uint32_t) + entry.answer.capacity();
}

std::uint32_t& RequestHistory::bucket_of(std::uint32_t scope) {
    return buckets_[(scope * odd >> 32) & (buckets_.size() - 1)];
}

RequestHistory::Entry* RequestHistory::entry_of(const Key& key) {
    if (ring_.empty()) return nullptr;
    const std::uint64_t wanted = fingerprint(key);
    for (std::uint32_t number = bucket_of(key.scope); is_kept(number); number = at(number).older) {
        if (at(number).fingerprint == wanted) return &at(number);
    }
    return nullptr;
}

std::optional<RequestHistory::Outcome> RequestHistory::find(const Key& key, Instant now) {
    forget_old(now);
    const Entry* entry = entry_of(key);
    if (entry == nullptr || entry->forget_at <= second_of(now)) return std::nullopt;
    return Outcome{entry->message, entry->answer};
}

void RequestHistory::add(const Key& key, Instant forget_at, MessageId message, ByteView answer) {
    if (next_ - first_ == ring_.size() || next_ == none) resize();
    append({fingerprint(key), message, Bytes(answer.begin(), answer.end()), key.scope,
            std::max(second_after(forget_at), 1u), 0});
    Entry& newest = at(next_ - 1);
    octets_ += cost(newest);
    ++size_;
    drop_older_of(newest);
    while (octets_ > budget_.octets && size_ > 1) drop(at(first_++));
}

void RequestHistory::append(Entry entry) {
    std::uint32_t& bucket = bucket_of(entry.scope);
    entry.older = bucket;
    bucket = next_;
    at(next_++) = std::move(entry);
}

/// What is older than the budget of its scope allows leaves its bucket.
void RequestHistory::drop_older_of(const Entry& newest) {
    std::size_t octets = cost(newest);
    std::uint32_t newer = next_ - 1;
    for (std::uint32_t number = newest.older; is_kept(number); number = at(newer).older) {
        Entry& entry = at(number);
        const bool is_one = entry.scope == newest.scope;
        if (is_one) octets += cost(entry);
        if (is_one && octets > budget_.scope_octets) {
            at(newer).older = entry.older;
            drop(entry);
        } else {
            newer = number;
        }
    }
}

/// Its place in the ring stays until it is the oldest.
void RequestHistory::drop(Entry& entry) {
    if (std::exchange(entry.forget_at, 0) == 0) return;
    octets_ -= cost(entry);
    --size_;
    entry.fingerprint = 0;
    entry.answer = Bytes();
}

void RequestHistory::set_message(const Key& key, MessageId message) {
    if (Entry* entry = entry_of(key)) entry->message = message;
}

void RequestHistory::set_answer(const Key& key, ByteView answer) {
    Entry* entry = entry_of(key);
    if (entry == nullptr) return;
    octets_ -= cost(*entry);
    entry->answer = Bytes(answer.begin(), answer.end());
    octets_ += cost(*entry);
}

void RequestHistory::forget_old(Instant now) {
    const std::uint32_t second = second_of(now);
    while (first_ != next_ && at(first_).forget_at <= second) drop(at(first_++));
    if (ring_.size() > ring_min && size_ < ring_.size() / 8) resize();
}

/// A ring that is at least half empty, without the places of what was dropped.
void RequestHistory::resize() {
    std::vector<Entry> old(std::bit_ceil(std::max(ring_min, 2 * size_ + 1)));
    old.swap(ring_);
    const std::uint32_t end = std::exchange(next_, 0);
    buckets_ = std::vector<std::uint32_t>(ring_.size(), none);
    for (std::uint32_t number = std::exchange(first_, 0); number != end; ++number) {
        Entry& entry = old[number & (old.size() - 1)];
        if (entry.forget_at != 0) append(std::move(entry));
    }
}

}  // namespace scef::queueing
