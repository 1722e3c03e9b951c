#include "lwm2m-core/pcap/pcapng.h"

#include <algorithm>

namespace scef::pcap {
namespace {

constexpr std::uint32_t section_header_type = 0x0a0d'0d0a;
constexpr std::uint32_t interface_type = 1;
constexpr std::uint32_t enhanced_packet_type = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b'3c4d;
constexpr std::uint16_t link_type_raw = 101;
constexpr std::uint16_t user_application_option = 4;
constexpr std::uint16_t interface_name_option = 2;
constexpr std::size_t text_octets_max = 1024;

void add_16(Bytes& octets, std::uint32_t value) {
    octets.push_back(static_cast<std::uint8_t>(value & 0xffU));
    octets.push_back(static_cast<std::uint8_t>(value >> 8U & 0xffU));
}

void add_32(Bytes& octets, std::uint64_t value) {
    add_16(octets, static_cast<std::uint32_t>(value & 0xffffU));
    add_16(octets, static_cast<std::uint32_t>(value >> 16U & 0xffffU));
}

void add_padded(Bytes& octets, ByteView content) {
    octets.insert(octets.end(), content.begin(), content.end());
    octets.resize((octets.size() + 3) / 4 * 4);
}

// One option with a text, and the end of options.
void add_text_option(Bytes& body, std::uint16_t code, std::string_view text) {
    text = text.substr(0, text_octets_max);
    add_16(body, code);
    add_16(body, static_cast<std::uint32_t>(text.size()));
    add_padded(body, as_bytes(text));
    add_32(body, 0);
}

Bytes block(std::uint32_t type, const Bytes& body) {
    const std::size_t length = body.size() + 12;
    Bytes octets;
    add_32(octets, type);
    add_32(octets, length);
    octets.insert(octets.end(), body.begin(), body.end());
    add_32(octets, length);
    return octets;
}

}  // namespace

Bytes section_header(std::string_view application) {
    Bytes body;
    add_32(body, byte_order_magic);
    add_16(body, 1);  // version 1.0
    add_16(body, 0);
    add_32(body, 0xffff'ffff);  // the section's length is not known
    add_32(body, 0xffff'ffff);
    add_text_option(body, user_application_option, application);
    return block(section_header_type, body);
}

Bytes interface_description(std::string_view name) {
    Bytes body;
    add_16(body, link_type_raw);
    add_16(body, 0);
    add_32(body, 0);  // packets are whole
    add_text_option(body, interface_name_option, name);
    return block(interface_type, body);
}

Bytes enhanced_packet(std::uint32_t interface, WallTime time, ByteView packet) {
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch());
    const auto ticks = static_cast<std::uint64_t>(since_epoch.count());
    Bytes body;
    add_32(body, interface);
    add_32(body, ticks >> 32U);
    add_32(body, ticks & 0xffff'ffffU);
    add_32(body, packet.size());
    add_32(body, packet.size());
    add_padded(body, packet);
    return block(enhanced_packet_type, body);
}

}  // namespace scef::pcap
