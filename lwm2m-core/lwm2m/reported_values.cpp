#include "lwm2m-core/lwm2m/reported_values.h"

#include <utility>

#include "lwm2m-core/lwm2m/senml.h"

namespace scef::lwm2m {
namespace {

constexpr std::uint32_t text_plain = 0, octet_stream = 42, senml_json = 110, senml_cbor = 112,
                        tlv = 11542;
constexpr std::size_t values_max = 256;

/// Core TS 7.4.3: two's complement, 1 to 8 octets.
std::optional<std::int64_t> integer_of(ByteView octets) {
    if (octets.empty() || octets.size() > 8) return std::nullopt;
    std::uint64_t value = (octets[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (const std::uint8_t octet : octets) value = value << 8 | octet;
    return static_cast<std::int64_t>(value);
}

/// Core TS 7.4.3; `top` is no entry, but what holds those of the payload.
enum class TlvKind : std::uint8_t {
    object_instance,
    resource_instance,
    multiple_resource,
    resource,
    top
};

bool may_hold(TlvKind parent, TlvKind child) {
    using enum TlvKind;
    if (parent == top) return true;
    if (parent == object_instance) return child == resource || child == multiple_resource;
    return parent == multiple_resource && child == resource_instance;
}

/// Core TS 7.4.3. The kinds of entries tell the depth of their ids.
void read_tlv(std::vector<ReportedValue>& values, ByteView octets, const Path& base,
              TlvKind parent = TlvKind::top) {
    using enum TlvKind;
    std::size_t at = 0;
    bool is_cut = false;
    const auto number = [&](std::size_t size) {
        std::uint32_t value = 0;
        is_cut = is_cut || size > octets.size() - at;
        for (; size > 0 && !is_cut; --size) value = value << 8 | octets[at++];
        return value;
    };
    while (at < octets.size() && values.size() < values_max) {
        const std::uint8_t type = octets[at++];
        const auto id = static_cast<std::uint16_t>(number((type & 0x20) != 0 ? 2 : 1));
        const unsigned length_octets = type >> 3 & 3u;
        const std::uint32_t length = length_octets == 0 ? type & 7u : number(length_octets);
        if (is_cut || length > octets.size() - at) return;
        const ByteView value = octets.subspan(at, length);
        at += length;
        const auto kind = static_cast<TlvKind>(type >> 6);
        if (!may_hold(parent, kind)) return;
        const std::size_t depth = kind == object_instance ? 1 : kind == resource_instance ? 3 : 2;
        if (base.depth() < depth && !(depth == 2 && base.depth() == 1)) return;
        const Path path =
            base.depth() < depth ? base.child(0).child(id) : base.prefix(depth).child(id);
        if (kind == object_instance || kind == multiple_resource) {
            read_tlv(values, value, path, kind);
        } else {
            values.push_back({path, Bytes(value.begin(), value.end())});
        }
    }
}

}  // namespace

std::optional<std::int64_t> ReportedValue::integer() const {
    if (const auto* raw = std::get_if<Bytes>(&value)) return integer_of(*raw);
    const auto read = is_plain_text
                          ? from_plain_text(std::get<std::string>(value), DataType::integer)
                          : convert(value, DataType::integer);
    if (!read || !std::holds_alternative<std::int64_t>(*read)) return std::nullopt;
    return std::get<std::int64_t>(*read);
}

std::optional<Bytes> ReportedValue::octets() const {
    if (const auto* raw = std::get_if<Bytes>(&value)) return *raw;
    if (!is_plain_text) return std::nullopt;
    auto read = from_plain_text(std::get<std::string>(value), DataType::opaque);
    return read ? std::optional(std::get<Bytes>(std::move(*read))) : std::nullopt;
}

std::vector<ReportedValue> reported_values(const Path& base, const coap::Message& message) {
    std::vector<ReportedValue> values;
    const std::uint32_t format =
        message.uint_option(coap::options::content_format).value_or(text_plain);
    if (format == senml_json || format == senml_cbor) {
        auto records = format == senml_json ? from_senml_json(message.payload)
                                            : from_senml_cbor(message.payload);
        if (!records) return values;
        for (SenmlRecord& record : *records) {
            if (record.value) values.push_back({record.path, std::move(*record.value)});
        }
    } else if (format == tlv) {
        read_tlv(values, message.payload, base);
    } else if (base.depth() >= 3 && format == text_plain) {
        values.push_back({base, std::string(as_text(message.payload)), true});
    } else if (base.depth() >= 3 && format == octet_stream) {
        values.push_back({base, message.payload});
    }
    std::erase_if(values, [&base](const auto& value) { return !base.contains(value.path); });
    return values;
}

}  // namespace scef::lwm2m
