#include "simulators/lwm2m-server-simulator/tlv_json.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "lwm2m-core/vocabulary/base64.h"

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
            return std::string(as_text(value));
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

Result<Bytes> octets_of_json(const json& value, Type type) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return type == ValueType::opaque ? from_base64(text) : to_bytes(text);
    }
    if (value.is_boolean()) return Bytes{static_cast<std::uint8_t>(value.get<bool>() ? 1 : 0)};
    if (value.is_number_float() || (value.is_number() && type == ValueType::number)) {
        return big_endian(std::bit_cast<std::uint64_t>(value.get<double>()), 8);
    }
    if (value.is_number_integer()) return octets_of_integer(value.get<std::int64_t>());
    return fail(Errc::invalid_argument, "a value is no text, number or Boolean");
}

Result<std::uint16_t> id_of(const std::string& text) {
    std::uint16_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) {
        return fail(Errc::invalid_argument, "a key of 'values' is no id from 0 to 65535");
    }
    return id;
}

/// By id: JSON has its members in the order of their names as texts.
void sort_by_id(std::vector<Tlv>& entries) {
    std::sort(entries.begin(), entries.end(),
              [](const Tlv& left, const Tlv& right) { return left.id < right.id; });
}

/// One entry for `value`; an object becomes a multiple resource.
Result<Tlv> entry_of(std::uint16_t id, const json& value, Type type, Kind simple) {
    Tlv entry{simple, id, {}, {}};
    if (!value.is_object()) {
        auto octets = octets_of_json(value, type);
        if (!octets) return tl::unexpected(octets.error());
        entry.value = std::move(*octets);
        return entry;
    }
    entry.kind = Kind::multiple_resource;
    for (const auto& [key, child] : value.items()) {
        const auto child_id = id_of(key);
        if (!child_id) return tl::unexpected(child_id.error());
        auto octets = octets_of_json(child, type);
        if (!octets) return tl::unexpected(octets.error());
        entry.children.push_back({Kind::resource_instance, *child_id, std::move(*octets), {}});
    }
    sort_by_id(entry.children);
    return entry;
}

Result<std::vector<Tlv>> resources_of(const json& values, std::uint16_t object) {
    std::vector<Tlv> entries;
    for (const auto& [key, value] : values.items()) {
        const auto id = id_of(key);
        if (!id) return tl::unexpected(id.error());
        auto entry = entry_of(*id, value, type_of_resource(object, *id), Kind::resource);
        if (!entry) return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    sort_by_id(entries);
    return entries;
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
    const bool asked_for_one = path.size() > 2 && entries.size() == 1;
    return asked_for_one && entries[0].id == path.back() ? values.begin().value() : values;
}

Result<std::vector<Tlv>> tlv_of_json(const json& values, const std::vector<std::uint16_t>& path) {
    if (path.empty()) return fail(Errc::invalid_argument, "a write needs a path");
    if (path.size() > 2) {
        const Kind simple = path.size() == 3 ? Kind::resource : Kind::resource_instance;
        auto entry = entry_of(path.back(), values, type_of_resource(path[0], path[2]), simple);
        if (!entry) return tl::unexpected(entry.error());
        return std::vector{std::move(*entry)};
    }
    if (!values.is_object()) return fail(Errc::invalid_argument, "'values' is no object");
    if (path.size() == 2) return resources_of(values, path[0]);

    std::vector<Tlv> instances;
    for (const auto& [key, value] : values.items()) {
        const auto id = id_of(key);
        if (!id) return tl::unexpected(id.error());
        if (!value.is_object()) return fail(Errc::invalid_argument, "an instance is no object");
        auto resources = resources_of(value, path[0]);
        if (!resources) return resources;
        instances.push_back({Kind::object_instance, *id, {}, std::move(*resources)});
    }
    sort_by_id(instances);
    return instances;
}

}  // namespace scef::lwm2m_server_simulator
