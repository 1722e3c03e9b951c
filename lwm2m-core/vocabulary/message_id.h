#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef {

/// Identity of a message through its whole life: a UUIDv7 (RFC 9562 5.7), so ids sort by creation
/// time, whose `rand_a` field carries the shard, so an id says where its message lives.
class MessageId {
public:
    static MessageId make(ShardId shard, const Turn& turn);
    static Result<MessageId> parse(std::string_view text);
    static MessageId from_octets(const std::array<std::uint8_t, 16>& octets);
    /// The same from a record or a key; empty unless they are 16.
    static MessageId from_octets(ByteView octets);
    /// The smallest id that a message made at `wall` may have: the start of a range read.
    static MessageId floor(WallTime wall);
    /// The id that follows directly, in the same shard: keeps ids in order within a millisecond.
    MessageId next() const;

    MessageId() = default;

    ShardId shard() const;
    /// Creation time, to the millisecond.
    WallTime created_at() const;
    /// `xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx`.
    std::string text() const;
    const std::array<std::uint8_t, 16>& octets() const { return octets_; }
    bool empty() const { return octets_ == std::array<std::uint8_t, 16>{}; }

    friend auto operator<=>(const MessageId&, const MessageId&) = default;

private:
    std::array<std::uint8_t, 16> octets_{};
};

}  // namespace scef

template <>
struct std::hash<scef::MessageId> {
    std::size_t operator()(const scef::MessageId& id) const noexcept {
        std::uint64_t low = 0;
        for (std::size_t i = 8; i < 16; ++i) low = low << 8 | id.octets()[i];
        return static_cast<std::size_t>(low * 0x9e3779b97f4a7c15u);
    }
};
