#include "lwm2m-core/client/duplicates.h"

namespace scef::client {

const Bytes* Duplicates::find(std::uint16_t id, Instant now) {
    while (!entries_.empty() && entries_.front().expires_at <= now) entries_.pop_front();
    for (const Entry& entry : entries_) {
        if (entry.id == id) return &entry.answer;
    }
    return nullptr;
}

void Duplicates::remember(std::uint16_t id, Bytes answer, Instant now) {
    constexpr std::size_t entries_max = 64;
    if (entries_.size() >= entries_max) entries_.pop_front();
    entries_.push_back({id, now + coap::exchange_lifetime, std::move(answer)});
}

}  // namespace scef::client
