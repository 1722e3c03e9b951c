#include <bit>
#include <utility>

#include "lwm2m-core/lwm2m/cbor_reader.h"
#include "lwm2m-core/lwm2m/senml.h"
#include "lwm2m-core/lwm2m/senml_names.h"
#include "lwm2m-core/vocabulary/utf8.h"

/// SenML CBOR (RFC 8428 6).
namespace scef::lwm2m {
namespace {

using cbor::Head, cbor::Major, cbor::Reader;
using enum cbor::Major;

/// RFC 8428 table 4.
enum Label : std::int64_t {
    base_value = -5,
    base_time = -3,
    base_name = -2,
    base_version = -1,
    name = 0,
    v = 2,
    vs = 3,
    vb = 4,
    vd = 8
};

// ---- Writing

void append_head(Bytes& out, Major major, std::uint64_t argument) {
    const auto type = static_cast<std::uint8_t>(static_cast<unsigned>(major) << 5);
    if (argument < 24) return out.push_back(static_cast<std::uint8_t>(type | argument));
    const unsigned size_log = argument <= 0xff         ? 0
                              : argument <= 0xffff     ? 1
                              : argument <= 0xffffffff ? 2
                                                       : 3;
    out.push_back(static_cast<std::uint8_t>(type | (24 + size_log)));
    for (int shift = (8 << size_log) - 8; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(argument >> shift));
    }
}

void append_integer(Bytes& out, std::int64_t value) {
    if (value >= 0) return append_head(out, positive, static_cast<std::uint64_t>(value));
    append_head(out, negative, static_cast<std::uint64_t>(-(value + 1)));
}

void append_text(Bytes& out, std::string_view text) {
    append_head(out, text_string, text.size());
    out.insert(out.end(), text.begin(), text.end());
}

/// As the shortest float that is the same number: single or double precision.
void append_double(Bytes& out, double value) {
    const auto shorter = static_cast<float>(value);
    const bool fits = static_cast<double>(shorter) == value;
    const std::uint64_t bits =
        fits ? std::bit_cast<std::uint32_t>(shorter) : std::bit_cast<std::uint64_t>(value);
    out.push_back(fits ? 0xfa : 0xfb);
    for (int shift = fits ? 24 : 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
}

void append_value(Bytes& out, const Value& value, bool is_object_link) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (is_object_link) {
            append_text(out, "vlo");
        } else {
            append_integer(out, vs);
        }
        append_text(out, *text);
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
        append_integer(out, vb);
        out.push_back(*boolean ? 0xf5 : 0xf4);
    } else if (const auto* octets = std::get_if<Bytes>(&value)) {
        append_integer(out, vd);
        append_head(out, octet_string, octets->size());
        out.insert(out.end(), octets->begin(), octets->end());
    } else {
        append_integer(out, v);
        if (const auto* number = std::get_if<double>(&value)) return append_double(out, *number);
        append_integer(out, std::get<std::int64_t>(value));
    }
}

// ---- Reading

struct RawRecord : RawSenmlRecord {
    bool is_good = true;
};

/// Text in UTF-8, or nothing.
std::optional<std::string> read_text(Reader& reader) {
    const Head head = reader.head();
    if (reader.failed() || head.major != text_string) return std::nullopt;
    const Bytes octets = reader.string(head);
    if (reader.failed() || !is_utf8(octets)) return std::nullopt;
    return std::string(as_text(octets));
}

std::optional<Value> read_value(Reader& reader, std::int64_t label) {
    if (label == v) return reader.number(reader.head());
    if (label == vs) {
        auto text = read_text(reader);
        return text ? std::optional(Value(std::move(*text))) : std::nullopt;
    }
    const Head head = reader.head();
    if (label == vd) {
        if (head.major != octet_string) return std::nullopt;
        return Value(reader.string(head));
    }
    if (head.major != simple || (head.information != 20 && head.information != 21)) {
        return std::nullopt;
    }
    return Value(head.information == 21);
}

void read_labelled(Reader& reader, std::int64_t label, RawRecord& record) {
    switch (label) {
        case base_name:
        case name: {
            auto text = read_text(reader);
            record.is_good = text.has_value();
            if (!text) return;
            std::string& place = label == name ? record.name : record.base_name.emplace();
            place = std::move(*text);
            return;
        }
        case base_value:
        case base_version: {
            const auto number = reader.number(reader.head());
            record.is_good =
                number && (label == base_value || *as_number(*number) <= senml_version);
            if (number && label == base_value) record.base_value = as_number(*number);
            return;
        }
        case v:
        case vs:
        case vb:
        case vd: {
            auto value = read_value(reader, label);
            record.is_good = value && !record.value;
            record.value = std::move(value);
            return;
        }
        default:
            reader.skip();
    }
}

/// A member with a text for its label: `vlo` (an object link) is known; one that ends with an
/// underscore must be understood (RFC 8428 4.4).
void read_named(Reader& reader, const std::string& label, RawRecord& record) {
    if (label.ends_with('_')) record.is_good = false;
    if (label != "vlo") return reader.skip();
    record.is_object_link = true;
    read_labelled(reader, vs, record);
}

RawRecord read_record(Reader& reader) {
    RawRecord record;
    const Head fields = reader.head();
    record.is_good = fields.major == map;
    if (!record.is_good) return record;
    reader.items(fields, [&] {
        if (!record.is_good) return reader.skip();
        const Head label = reader.head();
        if (label.major == text_string) {
            return read_named(reader, std::string(as_text(reader.string(label))), record);
        }
        record.is_good = label.major == positive || label.major == negative;
        if (!record.is_good) return;
        if (label.argument > 23) return reader.skip();  // none that RFC 8428 has
        const auto number = static_cast<std::int64_t>(label.argument);
        read_labelled(reader, label.major == positive ? number : -1 - number, record);
    });
    return record;
}

}  // namespace

Bytes to_senml_cbor(const SenmlRecords& records, const Path& base,
                    std::optional<std::int64_t> time) {
    const SenmlNames names(base, records.size() == 1 && records.front().path == base);
    Bytes out;
    append_head(out, array, records.size());
    bool is_first = true;
    for (const SenmlRecord& record : records) {
        const auto base_text = is_first ? names.base_name() : std::nullopt;
        const auto own = names.name_of(record.path);
        const bool has_time = std::exchange(is_first, false) && time;
        append_head(out, map,
                    std::size_t{base_text.has_value()} + std::size_t{has_time} +
                        std::size_t{own.has_value()} + std::size_t{record.value.has_value()});
        if (base_text) {
            append_integer(out, base_name);
            append_text(out, *base_text);
        }
        if (has_time) {
            append_integer(out, base_time);
            append_integer(out, *time);
        }
        if (own) {
            append_integer(out, name);
            append_text(out, *own);
        }
        if (record.value) append_value(out, *record.value, record.is_object_link);
    }
    return out;
}

std::optional<SenmlRecords> from_senml_cbor(ByteView octets) {
    Reader reader(octets);
    SenmlRecords records;
    SenmlResolver resolver;
    bool is_good = true;
    const Head pack = reader.head();
    if (reader.failed() || pack.major != array) return std::nullopt;
    if (!pack.is_indefinite() && pack.argument > senml_records_max) return std::nullopt;
    reader.items(pack, [&] {
        RawRecord raw = read_record(reader);
        is_good = is_good && raw.is_good && records.size() < senml_records_max;
        if (!is_good) return;
        auto record = resolver.resolve(std::move(raw));
        is_good = record.has_value();
        if (record) records.push_back(std::move(*record));
    });
    if (!is_good || reader.failed() || !reader.at_end()) return std::nullopt;
    return records;
}

}  // namespace scef::lwm2m
