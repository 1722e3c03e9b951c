#include "simulators/lwm2m-server-simulator/tlv.h"

namespace scef::lwm2m_server_simulator {
namespace {

using Kind = Tlv::Kind;

constexpr std::size_t length_max = 0xffffff;
/// Object instance, multiple resource, resource instance.
constexpr unsigned levels_max = 3;

bool has_children(Kind kind) {
    return kind == Kind::object_instance || kind == Kind::multiple_resource;
}

bool may_hold(Kind parent, Kind child) {
    if (parent == Kind::multiple_resource) return child == Kind::resource_instance;
    return child == Kind::resource || child == Kind::multiple_resource;
}

/// Takes `count` octets off the front as a big-endian number; false if there are too few.
bool take_number(ByteView& octets, std::size_t count, std::size_t& number) {
    if (octets.size() < count) return false;
    number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number << 8 | octets[i];
    octets = octets.subspan(count);
    return true;
}

Result<std::vector<Tlv>> parse_level(ByteView octets, unsigned levels_left);

Result<Tlv> take_entry(ByteView& octets, unsigned levels_left) {
    const auto refuse = [] { return fail(Errc::malformed, "a TLV entry is cut off"); };
    const std::uint8_t type = octets[0];
    octets = octets.subspan(1);
    Tlv entry;
    entry.kind = static_cast<Kind>(type >> 6);
    std::size_t id = 0;
    if (!take_number(octets, (type & 0x20) != 0 ? 2 : 1, id)) return refuse();
    entry.id = static_cast<std::uint16_t>(id);
    const std::size_t length_size = type >> 3 & 3;
    std::size_t length = type & 7;
    if (length_size > 0 && !take_number(octets, length_size, length)) return refuse();
    if (length > octets.size()) return refuse();
    const ByteView content = octets.first(length);
    octets = octets.subspan(length);
    if (!has_children(entry.kind)) {
        entry.value.assign(content.begin(), content.end());
        return entry;
    }
    if (levels_left == 0) return fail(Errc::malformed, "TLV entries are nested too deep");
    auto children = parse_level(content, levels_left);
    if (!children) return tl::unexpected(children.error());
    for (const Tlv& child : *children) {
        if (!may_hold(entry.kind, child.kind)) {
            return fail(Errc::malformed, "a TLV entry holds one that it may not hold");
        }
    }
    entry.children = std::move(*children);
    return entry;
}

Result<std::vector<Tlv>> parse_level(ByteView octets, unsigned levels_left) {
    std::vector<Tlv> entries;
    while (!octets.empty()) {
        auto entry = take_entry(octets, levels_left - 1);
        if (!entry) return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

void put_number(Bytes& octets, std::size_t number, std::size_t count) {
    for (std::size_t i = count; i > 0; --i) {
        octets.push_back(static_cast<std::uint8_t>(number >> 8 * (i - 1)));
    }
}

}  // namespace

Result<std::vector<Tlv>> parse_tlv(ByteView octets) { return parse_level(octets, levels_max); }

Result<Bytes> serialize_tlv(const std::vector<Tlv>& entries) {
    Bytes octets;
    for (const Tlv& entry : entries) {
        Bytes content = entry.value;
        if (has_children(entry.kind)) {
            auto inner = serialize_tlv(entry.children);
            if (!inner) return inner;
            content = std::move(*inner);
        }
        const std::size_t length = content.size();
        if (length > length_max) return fail(Errc::too_large, "a TLV value is over 16 MiB");
        const std::size_t length_size = length < 8 ? 0 : length < 256 ? 1 : length < 65536 ? 2 : 3;
        const std::size_t id_size = entry.id > 255 ? 2 : 1;
        octets.push_back(static_cast<std::uint8_t>(static_cast<unsigned>(entry.kind) << 6 |
                                                   (id_size - 1) << 5 | length_size << 3 |
                                                   (length_size == 0 ? length : 0)));
        put_number(octets, entry.id, id_size);
        put_number(octets, length, length_size);
        octets.insert(octets.end(), content.begin(), content.end());
    }
    return octets;
}

}  // namespace scef::lwm2m_server_simulator
