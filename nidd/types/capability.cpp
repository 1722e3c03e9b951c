#include "nidd/types/capability.h"

#include <cstddef>

#include "nidd/types/constant_time.h"

namespace scef::nidd {
namespace {

constexpr std::size_t shard_digits = 4;
constexpr std::size_t device_digits = 8;
constexpr std::size_t secret_digits = 32;

std::optional<std::uint64_t> read_hex(std::string_view digits) {
    std::uint64_t value = 0;
    for (const char digit : digits) {
        if (digit >= '0' && digit <= '9') {
            value = value << 4 | static_cast<std::uint64_t>(digit - '0');
        } else if (digit >= 'a' && digit <= 'f') {
            value = value << 4 | static_cast<std::uint64_t>(digit - 'a' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

void append_hex(std::string& text, std::uint64_t value, std::size_t digits) {
    for (std::size_t left = digits; left > 0; --left) {
        text += "0123456789abcdef"[value >> (4 * (left - 1)) & 0xf];
    }
}

}  // namespace

Capability Capability::make(ShardId shard, std::uint32_t device, Random& random) {
    Capability made{shard, device, {}};
    for (std::size_t half = 0; half < made.secret.size(); half += 8) {
        const std::uint64_t value = random.next();
        for (std::size_t i = 0; i < 8; ++i) {
            made.secret[half + i] = static_cast<std::uint8_t>(value >> (8 * i));
        }
    }
    return made;
}

std::optional<Capability> Capability::parse(std::string_view text) {
    if (text.size() != shard_digits + device_digits + secret_digits) return std::nullopt;
    const auto shard = read_hex(text.substr(0, shard_digits));
    const auto device = read_hex(text.substr(shard_digits, device_digits));
    if (!shard || !device) return std::nullopt;
    Capability parsed{static_cast<ShardId>(*shard), static_cast<std::uint32_t>(*device), {}};
    for (std::size_t i = 0; i < parsed.secret.size(); ++i) {
        const auto octet = read_hex(text.substr(shard_digits + device_digits + 2 * i, 2));
        if (!octet) return std::nullopt;
        parsed.secret[i] = static_cast<std::uint8_t>(*octet);
    }
    return parsed;
}

std::string Capability::text() const {
    std::string text;
    text.reserve(shard_digits + device_digits + secret_digits);
    append_hex(text, shard, shard_digits);
    append_hex(text, device, device_digits);
    for (const std::uint8_t octet : secret) append_hex(text, octet, 2);
    return text;
}

bool Capability::proves(const Capability& expected) const {
    const bool is_same = equals_in_constant_time(secret, expected.secret);
    return is_same && shard == expected.shard && device == expected.device;
}

}  // namespace scef::nidd
