#include "lwm2m-core/vocabulary/bytes.h"

namespace scef {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

int digit_value(char character) {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    return -1;
}

}  // namespace

std::string to_hex(ByteView octets) {
    std::string text;
    text.reserve(octets.size() * 2);
    for (const std::uint8_t octet : octets) {
        text += digits[octet >> 4];
        text += digits[octet & 0x0f];
    }
    return text;
}

Bytes from_hex(std::string_view text) {
    Bytes octets;
    int high = -1;
    for (const char character : text) {
        if (character == ' ' || character == '\n') continue;
        const int value = digit_value(character);
        if (value < 0) return {};
        if (high < 0) {
            high = value;
        } else {
            octets.push_back(static_cast<std::uint8_t>(high * 16 + value));
            high = -1;
        }
    }
    if (high >= 0) return {};
    return octets;
}

std::uint64_t stable_hash(ByteView octets) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const std::uint8_t octet : octets) {
        hash ^= octet;
        hash *= 0x100000001b3u;
    }
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccdu;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53u;
    hash ^= hash >> 33;
    return hash;
}

}  // namespace scef
