#include "simulators/lwm2m-server-simulator/payload.h"

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/cbor.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"
#include "simulators/lwm2m-server-simulator/senml.h"
#include "simulators/lwm2m-server-simulator/tlv_json.h"
#include "simulators/lwm2m-server-simulator/typed_value.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

std::optional<ValueType> type_at(const std::string& path) {
    const auto ids = parse_path(path);
    if (!ids || ids->size() < 3) return std::nullopt;
    return type_of_resource((*ids)[0], (*ids)[2]);
}

json decode_text(ByteView payload, const std::string& path) {
    const std::string_view text = as_text(payload);
    if (!is_utf8(payload)) return to_base64(payload);
    if (type_at(path) == ValueType::string) return std::string(text);
    const bool may_be_number = !text.empty() && text.size() < 19 && text.back() != ' ' &&
                               text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    if (may_be_number) {
        json number = json::parse(text, nullptr, false);
        if (number.is_number()) return number;
    }
    return std::string(text);
}

json decode_json(ByteView payload) {
    json value = json::parse(payload.begin(), payload.end(), nullptr, false);
    return value.is_discarded() ? json(to_base64(payload)) : value;
}

json decode_tlv(ByteView payload, const std::string& path) {
    const auto entries = parse_tlv(payload);
    if (!entries) return to_base64(payload);
    return json_of_tlv(*entries, parse_path(path).value_or(std::vector<std::uint16_t>{}));
}

json decode_senml_cbor(ByteView payload) {
    auto records = json_of_senml_cbor(payload);
    return records ? std::move(*records) : json(to_base64(payload));
}

json decode_cbor(ByteView payload) {
    const auto value = parse_cbor(payload, [](const json& key) {
        return key.is_string() ? key.get<std::string>() : key.dump();
    });
    if (!value || value->is_structured()) return to_base64(payload);
    return value->is_binary() ? json(to_base64(value->get_binary())) : *value;
}

Result<Bytes> encode_cbor(const json& value, const std::string& path) {
    const auto type = type_at(path);
    const auto typed = typed_value(value, type, path);
    if (!typed) return tl::unexpected(typed.error());
    CborWriter writer;
    if (type == ValueType::opaque) {
        const auto octets = from_base64(typed->get_ref<const std::string&>());
        if (!octets) return tl::unexpected(octets.error());
        writer.put_octets(*octets);
    } else if (typed->is_string()) {
        writer.put_text(typed->get_ref<const std::string&>());
    } else if (typed->is_boolean()) {
        writer.put_boolean(typed->get<bool>());
    } else if (typed->is_number_float()) {
        writer.put_double(typed->get<double>());
    } else {
        writer.put_integer(typed->get<std::int64_t>());
    }
    return writer.take();
}

Result<Bytes> encode_tlv(const json& value, const std::string& path) {
    const auto ids = parse_path(path);
    if (!ids) return tl::unexpected(ids.error());
    const auto entries = tlv_of_json(value, *ids);
    if (!entries) return tl::unexpected(entries.error());
    return serialize_tlv(*entries);
}

Result<Bytes> encode_senml(const json& value, const std::string& path, bool cbor) {
    const auto records = senml_records(path, value);
    if (!records) return tl::unexpected(records.error());
    return cbor ? senml_cbor_of_json(*records) : Result<Bytes>(to_bytes(to_text(*records)));
}

Result<Bytes> encode_text(const json& value) {
    if (value.is_structured() || value.is_null()) {
        return fail(Errc::invalid_argument,
                    "text holds one value; give an object's values as tlv, "
                    "senml-json or senml-cbor");
    }
    if (value.is_boolean()) return to_bytes(value.get<bool>() ? "1" : "0");
    return to_bytes(value.is_string() ? value.get<std::string>() : to_text(value));
}

}  // namespace

json decode_payload(ByteView payload, std::optional<std::uint32_t> content_format,
                    const std::string& path) {
    if (!content_format) return payload.empty() ? json() : decode_text(payload, path);
    switch (*content_format) {
        case coap::text_plain:
            return decode_text(payload, path);
        case coap::cbor:
            return decode_cbor(payload);
        case coap::link_format:
            return std::string(as_text(payload));
        case coap::json:
        case coap::senml_json:
        case coap::lwm2m_json:
            return decode_json(payload);
        case coap::senml_cbor:
            return decode_senml_cbor(payload);
        case coap::tlv:
            return decode_tlv(payload, path);
        default:
            return to_base64(payload);
    }
}

Result<Bytes> encode_payload(const json& value, std::uint16_t content_format,
                             const std::string& path) {
    switch (content_format) {
        case coap::text_plain:
            return encode_text(value);
        case coap::opaque:
            if (!value.is_string())
                return fail(Errc::invalid_argument, "opaque is octets in base64");
            return from_base64(value.get_ref<const std::string&>());
        case coap::cbor:
            return encode_cbor(value, path);
        case coap::senml_json:
        case coap::senml_cbor:
            return encode_senml(value, path, content_format == coap::senml_cbor);
        case coap::tlv:
            return encode_tlv(value, path);
        default:
            return fail(Errc::unsupported,
                        "values go out as text, opaque, cbor, senml-json, senml-cbor or tlv");
    }
}

std::string to_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace scef::lwm2m_server_simulator
