#include "lwm2m-core/vocabulary/message_id.h"

#include <algorithm>
#include <chrono>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {
namespace {

using Octets = std::array<std::uint8_t, 16>;

void put_milliseconds(Octets& octets, WallTime wall) {
    auto left = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count());
    for (std::size_t i = 6; i-- > 0; left >>= 8) octets[i] = static_cast<std::uint8_t>(left);
}

bool is_hyphen_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

MessageId MessageId::make(ShardId shard, const Turn& turn) {
    MessageId id;
    put_milliseconds(id.octets_, turn.wall);
    id.octets_[6] = static_cast<std::uint8_t>(0x70 | (shard >> 8 & 0x0f));
    id.octets_[7] = static_cast<std::uint8_t>(shard);
    std::uint64_t random = turn.random.next();
    for (std::size_t i = 8; i < 16; ++i, random >>= 8) {
        id.octets_[i] = static_cast<std::uint8_t>(random);
    }
    id.octets_[8] = static_cast<std::uint8_t>(0x80 | (id.octets_[8] & 0x3f));
    return id;
}

Result<MessageId> MessageId::parse(std::string_view text) {
    const auto refuse = [] { return fail(Errc::malformed, "not a message id: expected a UUID"); };
    if (text.size() != 36) return refuse();
    std::string hex;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_hyphen_position(i) != (text[i] == '-')) return refuse();
        if (text[i] != '-') hex += text[i];
    }
    const Bytes octets = from_hex(hex);
    if (octets.size() != 16 || octets[6] >> 4 != 7) return refuse();
    MessageId id;
    std::copy(octets.begin(), octets.end(), id.octets_.begin());
    return id;
}

MessageId MessageId::from_octets(const Octets& octets) {
    MessageId id;
    id.octets_ = octets;
    return id;
}

MessageId MessageId::from_octets(ByteView octets) {
    MessageId id;
    if (octets.size() != id.octets_.size()) return id;
    std::copy(octets.begin(), octets.end(), id.octets_.begin());
    return id;
}

MessageId MessageId::floor(WallTime wall) {
    MessageId id;
    put_milliseconds(id.octets_, wall);
    id.octets_[6] = 0x70;  // version and variant, as all have them
    id.octets_[8] = 0x80;
    return id;
}

MessageId MessageId::next() const {
    MessageId id = *this;
    for (std::size_t i = 16; i-- > 9;) {
        if (++id.octets_[i] != 0) return id;
    }
    id.octets_[8] = static_cast<std::uint8_t>(0x80 | ((id.octets_[8] + 1) & 0x3f));
    return id;
}

ShardId MessageId::shard() const {
    return static_cast<ShardId>((octets_[6] & 0x0f) << 8 | octets_[7]);
}

WallTime MessageId::created_at() const {
    std::uint64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | octets_[i];
    return WallTime(std::chrono::milliseconds(milliseconds));
}

std::string MessageId::text() const {
    const std::string hex = to_hex(octets_);
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' +
           hex.substr(16, 4) + '-' + hex.substr(20);
}

}  // namespace scef
