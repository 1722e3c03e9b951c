#include "queueing/request_history.h"

#include <algorithm>
#include <utility>

namespace scef::queueing {

namespace {

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
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
    std::uint64_t hash = (key.peer ^ key.message_id) * odd;
    hash = (hash ^ (hash >> 29) ^ key.content) * odd;
    return hash ^ (hash >> 32);
}

std::size_t RequestHistory::cost(const Entry& entry) {
    const std::size_t answer = entry.answer ? sizeof(Bytes) + entry.answer->capacity() : 0;
    return sizeof(Entry) + sizeof(Age) + answer;
}

RequestHistory::Entry* RequestHistory::entry_of(const Key& key) {
    const auto ring = rings_.find(key.scope);
    if (ring == rings_.end()) return nullptr;
    const std::uint64_t wanted = fingerprint(key);
    auto& entries = ring->second.entries;
    const auto found = std::find_if(entries.rbegin(), entries.rend(), [&](const Entry& entry) {
        return entry.fingerprint == wanted;
    });
    return found == entries.rend() ? nullptr : &*found;
}

std::optional<RequestHistory::Outcome> RequestHistory::find(const Key& key, Instant now) {
    forget_old(now);
    const Entry* entry = entry_of(key);
    if (entry == nullptr || entry->forget_at <= second_of(now)) return std::nullopt;
    return Outcome{entry->message, entry->answer ? ByteView(*entry->answer) : ByteView()};
}

void RequestHistory::add(const Key& key, Instant forget_at, MessageId message, ByteView answer) {
    Entry entry{fingerprint(key), second_after(forget_at), next_number_++, message, nullptr};
    if (!answer.empty()) entry.answer = std::make_unique<Bytes>(answer.begin(), answer.end());
    Ring& ring = rings_[key.scope];
    ring.octets += cost(entry);
    octets_ += cost(entry);
    ++size_;
    ages_.push_back({key.scope, entry.number});
    ring.entries.push_back(std::move(entry));

    std::size_t left = ring.octets;
    std::size_t count = 0;
    while (left > budget_.scope_octets && count + 1 < ring.entries.size()) {
        left -= cost(ring.entries[count++]);
    }
    drop(ring, count);
    while (octets_ > budget_.octets && size_ > 1) forget_oldest();
}

void RequestHistory::set_message(const Key& key, MessageId message) {
    if (Entry* entry = entry_of(key)) entry->message = message;
}

void RequestHistory::set_answer(const Key& key, ByteView answer) {
    Entry* entry = entry_of(key);
    if (entry == nullptr) return;
    Ring& ring = rings_.at(key.scope);
    const std::size_t before = cost(*entry);
    entry->answer = std::make_unique<Bytes>(answer.begin(), answer.end());
    ring.octets += cost(*entry) - before;
    octets_ += cost(*entry) - before;
}

/// The oldest of a ring; what `ages_` tells of them is skipped when its turn comes.
void RequestHistory::drop(Ring& ring, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        ring.octets -= cost(ring.entries[i]);
        octets_ -= cost(ring.entries[i]);
    }
    size_ -= count;
    ring.entries.erase(ring.entries.begin(),
                       ring.entries.begin() + static_cast<std::ptrdiff_t>(count));
}

void RequestHistory::forget_old(Instant now) {
    const std::uint32_t second = second_of(now);
    while (!ages_.empty()) {
        const auto ring = rings_.find(ages_.front().scope);
        if (ring != rings_.end() && !ring->second.entries.empty()) {
            const Entry& oldest = ring->second.entries.front();
            if (oldest.number == ages_.front().number && oldest.forget_at > second) return;
        }
        forget_oldest();
    }
}

void RequestHistory::forget_oldest() {
    const Age age = ages_.front();
    ages_.pop_front();
    const auto found = rings_.find(age.scope);
    if (found == rings_.end()) return;
    Ring& ring = found->second;
    if (!ring.entries.empty() && ring.entries.front().number == age.number) drop(ring, 1);
    if (ring.entries.empty()) rings_.erase(found);
}

}  // namespace scef::queueing
