#pragma once

#include <cstdint>
#include <deque>

#include "lwm2m-core/coap/transmission.h"
#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::client {

/// The last messages of the peer with what was answered to them, for EXCHANGE_LIFETIME
/// (RFC 7252 4.5). At most 64; the oldest leaves first.
class Duplicates {
public:
    /// The frame that answered message `id` (empty: none was sent), or null if it is new.
    const Bytes* find(std::uint16_t id, Instant now);
    void remember(std::uint16_t id, Bytes answer, Instant now);

private:
    struct Entry {
        std::uint16_t id;
        Instant expires_at;
        Bytes answer;
    };
    std::deque<Entry> entries_;
};

}  // namespace scef::client
