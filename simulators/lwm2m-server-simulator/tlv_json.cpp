#include "simulators/lwm2m-server-simulator/tlv_json.h"

#include <algorithm>
#include <bit>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/typed_value.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Kind = Tlv::Kind;
using Type = std::optional<ValueType>;

bool is_printable(ByteView value) {
    return std::all_of(value.begin(), value.end(),
                       [](std::uint8_t octet) { return octet >= 0x20 && octet < 0x7f; });
}

bool is_integer_size(std::size_t size) { return size == 1 || size == 2 || size == 4 || size == 8; }

std::int64_t to_integer(ByteView value) {
    std::uint64_t bits = (value[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t octet : value) bits = bits << 8 | octet;
    return static_cast<std::int64_t>(bits);
}

std::uint64_t to_unsigned(ByteView value) {
    std::uint64_t bits = 0;
    for (const std::uint8_t octet : value) bits = bits << 8 | octet;
    return bits;
}

std::string to_object_link(ByteView value) {
    return std::to_string(to_unsigned(value.first(2))) + ":" +
           std::to_string(to_unsigned(value.subspan(2)));
}

json to_float(ByteView value) {
    const auto bits = static_cast<std::uint64_t>(to_integer(value));
    if (value.size() == 8) return std::bit_cast<double>(bits);
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
}

json json_of_value(ByteView value, Type type) {
    if (!type) {
        const bool text = is_printable(value) && value.size() > 1;
        type = text                            ? ValueType::string
               : is_integer_size(value.size()) ? ValueType::integer
                                               : ValueType::opaque;
    }
    switch (*type) {
        case ValueType::string:
            if (is_utf8(value)) return std::string(as_text(value));
            break;
        case ValueType::unsigned_integer:
            if (is_integer_size(value.size())) return to_unsigned(value);
            break;
        case ValueType::object_link:
            if (value.size() == 4) return to_object_link(value);
            break;
        case ValueType::number:
            if (value.size() == 4 || value.size() == 8) return to_float(value);
            break;
        case ValueType::boolean:
            if (value.size() == 1) return value[0] != 0;
            break;
        case ValueType::integer:
        case ValueType::time:
            if (is_integer_size(value.size())) return to_integer(value);
            break;
        case ValueType::opaque:
            break;
    }
    return to_base64(value);
}

json json_of_entry(const Tlv& entry, std::optional<std::uint16_t> object, Type type) {
    if (entry.kind == Kind::resource || entry.kind == Kind::resource_instance) {
        return json_of_value(entry.value, type);
    }
    json children = json::object();
    for (const Tlv& child : entry.children) {
        const bool is_resource = entry.kind == Kind::object_instance;
        const Type child_type = is_resource && object ? type_of_resource(*object, child.id) : type;
        children[std::to_string(child.id)] = json_of_entry(child, object, child_type);
    }
    return children;
}

Bytes big_endian(std::uint64_t bits, std::size_t size) {
    Bytes octets;
    for (std::size_t i = size; i > 0; --i) {
        octets.push_back(static_cast<std::uint8_t>(bits >> 8 * (i - 1)));
    }
    return octets;
}

Bytes octets_of_integer(std::int64_t value) {
    const std::size_t size = value >= INT8_MIN && value <= INT8_MAX     ? 1
                             : value >= INT16_MIN && value <= INT16_MAX ? 2
                             : value >= INT32_MIN && value <= INT32_MAX ? 4
                                                                        : 8;
    return big_endian(static_cast<std::uint64_t>(value), size);
}

Result<Bytes> octets_of_json(const json& value, Type type, const std::string& path) {
    const auto typed = typed_value(value, type, path);
    if (!typed) return tl::unexpected(typed.error());
    if (typed->is_boolean()) return Bytes{static_cast<std::uint8_t>(typed->get<bool>() ? 1 : 0)};
    if (typed->is_number_float()) {
        return big_endian(std::bit_cast<std::uint64_t>(typed->get<double>()), 8);
    }
    if (typed->is_number_integer()) return octets_of_integer(typed->get<std::int64_t>());
    const auto& text = typed->get_ref<const std::string&>();
    if (type == ValueType::opaque) return from_base64(text);
    if (type != ValueType::object_link) return to_bytes(text);
    const auto [object, instance] = read_object_link(text).value_or(std::pair(0, 0));
    return big_endian(static_cast<std::uint64_t>(object) << 16 | instance, 4);
}

/// One entry for `value`; an object becomes a multiple resource.
Result<Tlv> entry_of(std::uint16_t id, const json& value, Type type, Kind simple,
                     const std::string& path) {
    Tlv entry{simple, id, {}, {}};
    if (!value.is_object()) {
        auto octets = octets_of_json(value, type, path);
        if (!octets) return tl::unexpected(octets.error());
        entry.value = std::move(*octets);
        return entry;
    }
    if (simple == Kind::resource_instance) {
        return fail(Errc::invalid_argument, "'" + path + "' holds no object");
    }
    entry.kind = Kind::multiple_resource;
    const auto members = members_by_id(value);
    if (!members) return tl::unexpected(members.error());
    for (const auto& [child, member] : *members) {
        auto octets = octets_of_json(*member, type, path + "/" + std::to_string(child));
        if (!octets) return tl::unexpected(octets.error());
        entry.children.push_back({Kind::resource_instance, child, std::move(*octets), {}});
    }
    return entry;
}

Result<std::vector<Tlv>> resources_of(const json& values, std::uint16_t object,
                                      const std::string& instance) {
    const auto members = members_by_id(values);
    if (!members) return tl::unexpected(members.error());
    std::vector<Tlv> entries;
    for (const auto& [id, value] : *members) {
        auto entry = entry_of(id, *value, type_of_resource(object, id), Kind::resource,
                              instance + "/" + std::to_string(id));
        if (!entry) return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    return entries;
}

std::string text_of(const std::vector<std::uint16_t>& path) {
    std::string text;
    for (const std::uint16_t id : path) text += "/" + std::to_string(id);
    return text;
}

/// The values of a Read of one resource or resource instance, without what is around them.
json unwrapped(const Tlv& entry, const std::vector<std::uint16_t>& path, json value) {
    const bool is_whole = entry.kind == Kind::multiple_resource && path.size() == 4;
    const std::string id = std::to_string(path.back());
    return is_whole && value.contains(id) ? value[id] : value;
}

}  // namespace

json json_of_tlv(const std::vector<Tlv>& entries, const std::vector<std::uint16_t>& path) {
    const auto object = path.empty() ? std::nullopt : std::optional(path[0]);
    json values = json::object();
    for (const Tlv& entry : entries) {
        const bool is_resource = entry.kind != Kind::object_instance;
        const std::uint16_t resource = path.size() > 2 ? path[2] : entry.id;
        const Type type = is_resource && object ? type_of_resource(*object, resource) : Type{};
        values[std::to_string(entry.id)] = json_of_entry(entry, object, type);
    }
    if (path.size() < 3 || entries.size() != 1) return values;
    const bool is_it = entries[0].id == path.back() || entries[0].id == path[2];
    return is_it ? unwrapped(entries[0], path, values.begin().value()) : values;
}

Result<std::vector<Tlv>> tlv_of_json(const json& values, const std::vector<std::uint16_t>& path) {
    if (path.empty())
        return fail(Errc::invalid_argument, "TLV needs the path of an object or below");
    const std::string place = text_of(path);
    if (path.size() > 2) {
        const Kind simple = path.size() == 3 ? Kind::resource : Kind::resource_instance;
        const Type type = type_of_resource(path[0], path[2]);
        auto entry = entry_of(path.back(), values, type, simple, place);
        if (!entry) return tl::unexpected(entry.error());
        return std::vector{std::move(*entry)};
    }
    if (!values.is_object()) {
        return fail(Errc::invalid_argument, "the values of " + place + " are no object by id");
    }
    if (path.size() == 2) return resources_of(values, path[0], place);

    const auto members = members_by_id(values);
    if (!members) return tl::unexpected(members.error());
    std::vector<Tlv> instances;
    for (const auto& [id, value] : *members) {
        const std::string instance = place + "/" + std::to_string(id);
        if (!value->is_object()) {
            return fail(Errc::invalid_argument,
                        "the values of " + instance + " are no object by id");
        }
        auto resources = resources_of(*value, path[0], instance);
        if (!resources) return resources;
        instances.push_back({Kind::object_instance, id, {}, std::move(*resources)});
    }
    return instances;
}

}  // namespace scef::lwm2m_server_simulator
