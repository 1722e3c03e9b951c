#include "lwm2m-core/vocabulary/base64.h"

#include <algorithm>
#include <array>

namespace scef {
namespace {

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_safe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using ValueTable = std::array<std::int8_t, 256>;

constexpr ValueTable values_of(std::string_view alphabet) {
    ValueTable table{};
    for (std::int8_t& value : table) value = -1;
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::int8_t>(i);
    }
    return table;
}

constexpr ValueTable standard_values = values_of(standard);
constexpr ValueTable url_safe_values = values_of(url_safe);

std::string encode(ByteView octets, std::string_view alphabet, bool padded) {
    std::string text;
    text.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::size_t taken = std::min<std::size_t>(3, octets.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < taken ? octets[i + j] : 0u);
        for (std::size_t j = 0; j <= taken; ++j) text += alphabet[group >> (18 - 6 * j) & 0x3f];
        if (padded) text.append(3 - taken, '=');
    }
    return text;
}

Result<Bytes> decode(std::string_view text, const ValueTable& values) {
    if (text.size() % 4 == 1) return fail(Errc::malformed, "base64: a character is missing");
    Bytes octets;
    octets.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = values[static_cast<std::uint8_t>(text[i])];
        if (value < 0) {
            return fail(Errc::malformed,
                        "base64: character " + std::to_string(i + 1) + " is not of the alphabet");
        }
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffu;
        held += 6;
        if (held >= 8) {
            held -= 8;
            octets.push_back(static_cast<std::uint8_t>(bits >> held));
        }
    }
    if ((bits & ((1u << held) - 1u)) != 0) {
        return fail(Errc::malformed, "base64: the unused bits at the end are not zero");
    }
    return octets;
}

}  // namespace

std::string to_base64(ByteView octets) { return encode(octets, standard, true); }

Result<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return fail(Errc::malformed, "base64: the length is not a multiple of four");
    }
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    return decode(text, standard_values);
}

std::string to_base64url(ByteView octets) { return encode(octets, url_safe, false); }

Result<Bytes> from_base64url(std::string_view text) { return decode(text, url_safe_values); }

}  // namespace scef
