#pragma once

#include <string>
#include <string_view>

namespace scef::nidd {

/// RFC 3986 2.1: every octet but letters, digits and those of `unreserved` becomes `%XX`.
inline std::string percent_encode(std::string_view text, std::string_view unreserved) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char octet : text) {
        const bool letter = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
        const bool digit = octet >= '0' && octet <= '9';
        if (letter || digit || unreserved.find(octet) != std::string_view::npos) {
            encoded += octet;
            continue;
        }
        const auto value = static_cast<unsigned char>(octet);
        encoded += '%';
        encoded += digits[value >> 4];
        encoded += digits[value & 0xf];
    }
    return encoded;
}

}  // namespace scef::nidd
