#include "simulators/lwm2m-server-simulator/payload.h"

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/utf8.h"
#include "simulators/lwm2m-server-simulator/coap_message.h"
#include "simulators/lwm2m-server-simulator/resource_types.h"
#include "simulators/lwm2m-server-simulator/senml.h"
#include "simulators/lwm2m-server-simulator/tlv_json.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

json decode_text(ByteView payload) {
    const std::string_view text = as_text(payload);
    if (!is_utf8(payload)) return to_base64(payload);
    const bool may_be_number = !text.empty() && text.size() < 19 && text.back() != ' ' &&
                               text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    if (may_be_number) {
        const json number = json::parse(text, nullptr, false);
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

std::string plain_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
    return to_text(value);
}

}  // namespace

json decode_payload(ByteView payload, std::optional<std::uint32_t> content_format,
                    const std::string& path) {
    if (!content_format) return payload.empty() ? json() : decode_text(payload);
    switch (*content_format) {
        case coap::text_plain:
            return decode_text(payload);
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
            return to_bytes(plain_text(value));
        case coap::opaque:
            if (!value.is_string()) return fail(Errc::invalid_argument, "'value' is no base64");
            return from_base64(value.get_ref<const std::string&>());
        case coap::senml_json: {
            json records = value;
            if (!value.is_array()) records = json::array({senml_record(path, value)});
            return to_bytes(to_text(records));
        }
        case coap::tlv: {
            const auto ids = parse_path(path);
            if (!ids) return tl::unexpected(ids.error());
            const auto entries = tlv_of_json(value, *ids);
            if (!entries) return tl::unexpected(entries.error());
            return serialize_tlv(*entries);
        }
        default:
            return fail(Errc::unsupported, "'contentFormat' is none of 0, 42, 110 and 11542");
    }
}

std::string to_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace scef::lwm2m_server_simulator
