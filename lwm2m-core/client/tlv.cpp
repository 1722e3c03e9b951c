#include "lwm2m-core/client/tlv.h"

#include <bit>
#include <cmath>
#include <limits>

#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::client {
namespace {

constexpr std::uint16_t no_id = 0xffff;

enum class Kind : std::uint8_t { instance = 0, resource_instance = 1, multiple = 2, resource = 3 };

struct Entry {
    Kind kind = Kind::resource;
    std::uint16_t id = 0;
    ByteView value;
};

void append_number(Bytes& out, std::uint64_t number, std::size_t size) {
    for (std::size_t shift = size * 8; shift > 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(number >> (shift - 8)));
    }
}

void append_entry(Bytes& out, Kind kind, std::uint16_t id, const Bytes& value) {
    const std::size_t size = value.size();
    const std::size_t length_octets = size < 8 ? 0 : size < 0x100 ? 1 : size < 0x10000 ? 2 : 3;
    const bool wide = id > 0xff;
    unsigned head = static_cast<unsigned>(kind) << 6 | (wide ? 0x20U : 0U);
    head |= static_cast<unsigned>(length_octets) << 3;
    if (length_octets == 0) head |= static_cast<unsigned>(size);
    out.push_back(static_cast<std::uint8_t>(head));
    append_number(out, id, wide ? 2 : 1);
    append_number(out, size, length_octets);
    out.insert(out.end(), value.begin(), value.end());
}

Bytes integer_octets(std::int64_t number) {
    Bytes out;
    const auto fits = [number](auto limit) {
        using Narrow = decltype(limit);
        return number >= std::numeric_limits<Narrow>::min() &&
               number <= std::numeric_limits<Narrow>::max();
    };
    const std::size_t size = fits(std::int8_t{})    ? 1
                             : fits(std::int16_t{}) ? 2
                             : fits(std::int32_t{}) ? 4
                                                    : 8;
    append_number(out, static_cast<std::uint64_t>(number), size);
    return out;
}

Bytes float_octets(double number) {
    Bytes out;
    const auto narrow = static_cast<float>(number);
    if (static_cast<double>(narrow) == number) {
        append_number(out, std::bit_cast<std::uint32_t>(narrow), 4);
    } else {
        append_number(out, std::bit_cast<std::uint64_t>(number), 8);
    }
    return out;
}

Bytes unsigned_octets(std::int64_t number) {
    Bytes out;
    const auto value = static_cast<std::uint64_t>(number);
    append_number(out, value,
                  value <= 0xff         ? 1
                  : value <= 0xffff     ? 2
                  : value <= 0xffffffff ? 4
                                        : 8);
    return out;
}

Bytes object_link_octets(std::string_view text) {
    Bytes out;
    const auto ids = lwm2m::object_link_ids(text).value_or(std::pair(no_id, no_id));
    append_number(out, ids.first, 2);
    append_number(out, ids.second, 2);
    return out;
}

Bytes value_octets(const Value& value, DataType type) {
    if (type == DataType::unsigned_integer) return unsigned_octets(std::get<std::int64_t>(value));
    if (type == DataType::object_link) return object_link_octets(std::get<std::string>(value));
    if (const auto* text = std::get_if<std::string>(&value)) return to_bytes(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return integer_octets(*integer);
    if (const auto* number = std::get_if<double>(&value)) return float_octets(*number);
    if (const auto* boolean = std::get_if<bool>(&value))
        return {*boolean ? std::uint8_t{1} : std::uint8_t{0}};
    return std::get<Bytes>(value);
}

// Writes records [from, to) that share a prefix of `depth` ids, one level at a time.
Bytes write_level(const Records& records, std::size_t from, std::size_t to, std::size_t depth) {
    Bytes out;
    while (from < to) {
        const std::uint16_t id = records[from].path.id(depth);
        std::size_t end = from + 1;
        while (end < to && records[end].path.id(depth) == id) ++end;
        if (depth == 1) {
            append_entry(out, Kind::instance, id, write_level(records, from, end, 2));
        } else if (depth == 2 && records[from].multiple) {
            append_entry(out, Kind::multiple, id, write_level(records, from, end, 3));
        } else {
            const Kind kind = depth == 2 ? Kind::resource : Kind::resource_instance;
            append_entry(out, kind, id, value_octets(records[from].value, records[from].type));
        }
        from = end;
    }
    return out;
}

std::uint64_t read_number(ByteView octets) {
    std::uint64_t number = 0;
    for (const std::uint8_t octet : octets) number = number << 8 | octet;
    return number;
}

std::optional<std::vector<Entry>> split(ByteView octets) {
    std::vector<Entry> entries;
    while (!octets.empty()) {
        const unsigned head = octets[0];
        const std::size_t id_octets = (head & 0x20U) != 0 ? 2 : 1;
        const std::size_t length_octets = head >> 3 & 3U;
        const std::size_t header = 1 + id_octets + length_octets;
        if (octets.size() < header) return std::nullopt;
        const std::size_t length = length_octets == 0
                                       ? head & 7U
                                       : read_number(octets.subspan(1 + id_octets, length_octets));
        if (octets.size() - header < length) return std::nullopt;
        entries.push_back({static_cast<Kind>(head >> 6),
                           static_cast<std::uint16_t>(read_number(octets.subspan(1, id_octets))),
                           octets.subspan(header, length)});
        octets = octets.subspan(header + length);
    }
    return entries;
}

std::optional<Value> read_integer(ByteView octets) {
    const std::uint64_t number = read_number(octets);
    switch (octets.size()) {
        case 1:
            return Value(std::int64_t{static_cast<std::int8_t>(number)});
        case 2:
            return Value(std::int64_t{static_cast<std::int16_t>(number)});
        case 4:
            return Value(std::int64_t{static_cast<std::int32_t>(number)});
        case 8:
            return Value(static_cast<std::int64_t>(number));
        default:
            return std::nullopt;
    }
}

std::optional<Value> read_unsigned(ByteView octets) {
    const std::size_t size = octets.size();
    const std::uint64_t number = size <= 8 ? read_number(octets) : 0;
    const bool fits =
        number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if ((size != 1 && size != 2 && size != 4 && size != 8) || !fits) return std::nullopt;
    return Value(static_cast<std::int64_t>(number));
}

/// Infinity and not-a-number are none: no other content format could report them.
std::optional<Value> read_float(ByteView octets) {
    if (octets.size() != 4 && octets.size() != 8) return std::nullopt;
    const std::uint64_t bits = read_number(octets);
    const double value =
        octets.size() == 8
            ? std::bit_cast<double>(bits)
            : static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return std::isfinite(value) ? std::optional(Value(value)) : std::nullopt;
}

std::optional<Value> read_value(ByteView octets, DataType type) {
    switch (type) {
        case DataType::text:
            return is_utf8(octets) ? std::optional(Value(std::string(as_text(octets))))
                                   : std::nullopt;
        case DataType::opaque:
            return Value(Bytes(octets.begin(), octets.end()));
        case DataType::integer:
        case DataType::time:
            return read_integer(octets);
        case DataType::unsigned_integer:
            return read_unsigned(octets);
        case DataType::object_link:
            if (octets.size() != 4) return std::nullopt;
            return Value(std::to_string(read_number(octets.first(2))) + ':' +
                         std::to_string(read_number(octets.subspan(2))));
        case DataType::boolean:
            if (octets.size() != 1 || octets[0] > 1) return std::nullopt;
            return Value(octets[0] == 1);
        case DataType::floating:
            return read_float(octets);
    }
    return std::nullopt;
}

bool add_value(Records& records, const Path& path, const Entry& entry,
               const ResourceDefinition& definition) {
    auto value = read_value(entry.value, definition.type);
    if (!value) return false;
    records.push_back({path, definition.type, std::move(*value), definition.multiple});
    return true;
}

bool add_resource(Records& records, const Path& path, const Entry& entry,
                  const ResourceDefinition& definition) {
    if (entry.kind == Kind::resource) return add_value(records, path, entry, definition);
    const auto parts = entry.kind == Kind::multiple ? split(entry.value) : std::nullopt;
    if (!parts || !definition.multiple) return false;
    for (const Entry& part : *parts) {
        if (part.kind != Kind::resource_instance ||
            !add_value(records, path.child(part.id), part, definition)) {
            return false;
        }
    }
    return true;
}

std::optional<Records> read_resources(const std::vector<Entry>& entries, const Path& instance,
                                      const ObjectModel& model) {
    Records records;
    for (const Entry& entry : entries) {
        const Path path = instance.child(entry.id);
        if (entry.kind != Kind::resource && entry.kind != Kind::multiple) return std::nullopt;
        const ResourceDefinition* const definition = model.definition(path);
        if (definition == nullptr) continue;
        if (!add_resource(records, path, entry, *definition)) return std::nullopt;
    }
    return records;
}

}  // namespace

Bytes to_tlv(const Records& records, const Path& base) {
    const std::size_t depth = base.depth() >= 4 ? 3 : base.depth() >= 2 ? 2 : 1;
    return write_level(records, 0, records.size(), depth);
}

std::optional<Records> from_tlv(ByteView octets, const Path& base, const ObjectModel& model) {
    const auto entries = split(octets);
    if (!entries || base.depth() < 2) return std::nullopt;
    const Path instance = base.prefix(2);
    if (base.depth() == 4) {
        const ResourceDefinition* const definition = model.definition(base);
        Records records;
        if (definition == nullptr || entries->size() != 1 || entries->front().id != base.id(3) ||
            entries->front().kind != Kind::resource_instance ||
            !add_value(records, base, entries->front(), *definition)) {
            return std::nullopt;
        }
        return records;
    }
    if (entries->size() == 1 && entries->front().kind == Kind::instance) {
        const auto inner = split(entries->front().value);
        if (!inner || base.depth() != 2 || entries->front().id != base.instance())
            return std::nullopt;
        return read_resources(*inner, instance, model);
    }
    return read_resources(*entries, instance, model);
}

std::optional<std::vector<NewInstance>> instances_from_tlv(ByteView octets, std::uint16_t object_id,
                                                           const ObjectModel& model) {
    const auto entries = split(octets);
    if (!entries) return std::nullopt;
    std::vector<NewInstance> instances;
    if (entries->empty() || entries->front().kind != Kind::instance) {
        auto records = read_resources(*entries, Path(object_id, 0), model);
        if (!records) return std::nullopt;
        instances.push_back({std::nullopt, std::move(*records)});
        return instances;
    }
    for (const Entry& entry : *entries) {
        const auto inner = entry.kind == Kind::instance ? split(entry.value) : std::nullopt;
        if (!inner) return std::nullopt;
        auto records = read_resources(*inner, Path(object_id, entry.id), model);
        if (!records) return std::nullopt;
        instances.push_back({entry.id, std::move(*records)});
    }
    return instances;
}

}  // namespace scef::client
