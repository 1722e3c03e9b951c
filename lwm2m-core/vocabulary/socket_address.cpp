#include "lwm2m-core/vocabulary/socket_address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>

#include <arpa/inet.h>

namespace scef {
namespace {

/// The longest run of two or more zero groups, which RFC 5952 4.2 shortens to `::`.
struct ZeroRun {
    std::size_t begin = 8, length = 1;
};

ZeroRun longest_zero_run(const std::array<unsigned, 8>& groups) {
    ZeroRun best;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t length = 0;
        while (i + length < groups.size() && groups[i + length] == 0) ++length;
        if (length > best.length) best = {i, length};
    }
    return best;
}

std::string ipv6_text(const std::array<std::uint8_t, 16>& octets) {
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(octets[2 * i] << 8 | octets[2 * i + 1]);
    }
    const ZeroRun run = longest_zero_run(groups);
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == run.begin) {
            text += "::";
            i += run.length - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        std::array<char, 8> digits{};
        std::snprintf(digits.data(), digits.size(), "%x", groups[i]);
        text += digits.data();
    }
    return text;
}

}  // namespace

std::string SocketAddress::address_text() const {
    if (is_ipv6) return ipv6_text(octets);
    std::string text;
    for (std::size_t i = 12; i < 16; ++i) {
        if (i > 12) text += '.';
        text += std::to_string(octets[i]);
    }
    return text;
}

std::string SocketAddress::text() const {
    const std::string address = address_text();
    return (is_ipv6 ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    SocketAddress address;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    const bool has_brackets = colon >= 2 && text.front() == '[' && text[colon - 1] == ']';
    const std::string host(has_brackets ? text.substr(1, colon - 2) : text.substr(0, colon));
    std::array<std::uint8_t, 16> octets{};
    if (inet_pton(has_brackets ? AF_INET6 : AF_INET, host.c_str(), octets.data()) != 1) {
        return std::nullopt;
    }
    address.is_ipv6 = has_brackets;
    if (has_brackets) address.octets = octets;
    if (!has_brackets) std::copy_n(octets.begin(), 4, address.octets.begin() + 12);
    return address;
}

}  // namespace scef
