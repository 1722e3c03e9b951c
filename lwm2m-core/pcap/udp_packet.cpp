#include "lwm2m-core/pcap/udp_packet.h"

#include <algorithm>

namespace scef::pcap {
namespace {

constexpr std::size_t payload_octets_max = 65'507;
constexpr std::size_t udp_header_octets = 8;
constexpr std::size_t ipv4_header_octets = 20;
constexpr std::uint8_t udp_protocol = 17;
constexpr std::uint8_t hops = 64;

void add_16(Bytes& octets, std::size_t value) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8U & 0xffU));
    octets.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

void put_16(Bytes& octets, std::size_t at, std::uint16_t value) {
    octets[at] = static_cast<std::uint8_t>(value >> 8U);
    octets[at + 1] = static_cast<std::uint8_t>(value & 0xffU);
}

// RFC 1071, over octets that are padded to an even number.
std::uint16_t checksum(ByteView octets) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < octets.size(); i += 2) {
        const std::uint8_t low = i + 1 < octets.size() ? octets[i + 1] : std::uint8_t{0};
        sum += static_cast<std::uint64_t>(octets[i]) << 8U | low;
    }
    while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum & 0xffffU);
}

Bytes address_octets(const SocketAddress& address, bool as_ipv6) {
    if (!as_ipv6) return {address.octets.begin() + 12, address.octets.end()};
    Bytes octets(address.octets.begin(), address.octets.end());
    if (!address.is_ipv6) octets[10] = octets[11] = 0xff;
    return octets;
}

void append(Bytes& octets, ByteView more) { octets.insert(octets.end(), more.begin(), more.end()); }

Bytes ip_header(ByteView source, ByteView destination, std::size_t length, bool is_ipv6) {
    Bytes header;
    if (is_ipv6) {
        header = {0x60, 0, 0, 0};
        add_16(header, length);
        header.push_back(udp_protocol);
        header.push_back(hops);
    } else {
        header = {0x45, 0};
        add_16(header, ipv4_header_octets + length);
        append(header, Bytes{0, 0, 0x40, 0, hops, udp_protocol, 0, 0});  // do not fragment
    }
    append(header, source);
    append(header, destination);
    if (!is_ipv6) put_16(header, 10, checksum(header));
    return header;
}

}  // namespace

Bytes udp_packet(const SocketAddress& from, const SocketAddress& to, ByteView payload) {
    const bool is_ipv6 = from.is_ipv6 || to.is_ipv6;
    payload = payload.first(std::min(payload.size(), payload_octets_max));
    const std::size_t length = udp_header_octets + payload.size();
    Bytes udp;
    for (const std::size_t field : {std::size_t{from.port}, std::size_t{to.port}, length}) {
        add_16(udp, field);
    }
    add_16(udp, 0);
    append(udp, payload);

    const Bytes source = address_octets(from, is_ipv6), destination = address_octets(to, is_ipv6);
    Bytes pseudo = source;  // RFC 768 and RFC 8200 8.1
    append(pseudo, destination);
    add_16(pseudo, udp_protocol);
    add_16(pseudo, length);
    append(pseudo, udp);
    const std::uint16_t sum = checksum(pseudo);
    put_16(udp, 6, sum == 0 ? std::uint16_t{0xffff} : sum);

    Bytes packet = ip_header(source, destination, length, is_ipv6);
    append(packet, udp);
    return packet;
}

}  // namespace scef::pcap
