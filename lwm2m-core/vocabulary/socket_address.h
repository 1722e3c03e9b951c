#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace scef {

/// An IPv4 or IPv6 address with a UDP or TCP port, as a value. IPv4 addresses are kept in the last
/// four octets.
struct SocketAddress {
    std::array<std::uint8_t, 16> octets{};
    bool is_ipv6 = false;
    std::uint16_t port = 0;

    static SocketAddress ipv4(std::uint32_t address, std::uint16_t port) {
        SocketAddress result;
        for (std::size_t i = 0; i < 4; ++i) {
            result.octets[12 + i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
        }
        result.port = port;
        return result;
    }
    std::uint32_t ipv4_address() const {
        std::uint32_t address = 0;
        for (std::size_t i = 12; i < 16; ++i) address = address << 8 | octets[i];
        return address;
    }

    /// `127.0.0.1` or an IPv6 address in the form of RFC 5952.
    std::string address_text() const;
    /// `127.0.0.1:5683`, `[fd00::1]:5683`.
    std::string text() const;
    /// Reads what `text` writes; nothing for what is no address with a port.
    static std::optional<SocketAddress> parse(std::string_view text);

    friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

}  // namespace scef
