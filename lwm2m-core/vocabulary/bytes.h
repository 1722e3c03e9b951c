#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scef {

/// Octets that a value owns.
using Bytes = std::vector<std::uint8_t>;

/// Octets that someone else owns for the time of the call.
using ByteView = std::span<const std::uint8_t>;

/// Lower-case hexadecimal, for logs and messages to people.
std::string to_hex(ByteView octets);

/// The octets of a hexadecimal text (spaces allowed); empty if it is no such text. For tests.
Bytes from_hex(std::string_view text);

/// The octets of a text, and a text's view of octets.
inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline Bytes to_bytes(std::string_view text) {
    const ByteView view = as_bytes(text);
    return {view.begin(), view.end()};
}
inline std::string_view as_text(ByteView octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// A 64-bit hash (FNV-1a, finished by an avalanche step), the same on every machine and in every
/// version: it names shards and recognises duplicates, and it is stored. Not for secrets.
std::uint64_t stable_hash(ByteView octets);
inline std::uint64_t stable_hash(std::string_view text) { return stable_hash(as_bytes(text)); }

}  // namespace scef
